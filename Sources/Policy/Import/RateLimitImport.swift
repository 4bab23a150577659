/// Reads configurations of Envoy's reference rate limit service and says the same in the policy language.
///
/// The format is that of envoyproxy/ratelimit (its README, "Configuration", and `src/config/config_impl.go`): a domain,
/// descriptors with keys and perhaps values, limits, nested descriptors. What it says is kept in its own words where
/// the language has them; what cannot be said is reported, never dropped in silence.
package struct RateLimitImport: Sendable {
    /// A section `descriptors` that compiles; `nil` if the configuration has errors.
    package let text: String?
    /// What is wrong with the configuration, and what could not be carried over.
    package let diagnostics: [Diagnostic]

    /// Reads the files of one configuration; a domain that several of them have is merged.
    ///
    /// - Complexity: O(n log n), and O(n²) in the patterns of one level.
    package init(_ files: [SourceFile]) {
        var reading = Reading()
        for (index, file) in files.enumerated() {
            let result = SourceReader.read(file, index: index)
            for diagnostic in result.diagnostics { reading.decoding.log.report(diagnostic) }
            if let node = result.node { reading.read(node) }
        }
        var conversion = Conversion(log: reading.decoding.log)
        let domains = reading.domains.map { conversion.convert($0) }
        conversion.checkCount(domains)
        diagnostics = conversion.log.diagnostics
        let isComplete = !conversion.log.containsErrors && !files.isEmpty
        text = isComplete ? DescriptorScribe(from: files.map(\.name)).section(domains) : nil
    }
}

extension RateLimitImport {
    /// A domain of the configuration.
    struct Domain {
        /// Its name.
        var name: Located<String>
        /// Its descriptors, in the order of the files.
        var entries: [Entry] = []
    }

    /// One descriptor of the configuration.
    struct Entry {
        /// Its key.
        var key: Located<String>
        /// Its value, if it has one.
        var value: Located<String>?
        /// How much goes through.
        var amount: Amount?
        /// The name of its limit.
        var name: Located<String>?
        /// The names of the limits it replaces.
        var replaces: [Located<String>] = []
        /// Whether it is in shadow mode.
        var isShadow = false
        /// Whether all values that fit share one counter.
        var isShared = false
        /// The descriptors below it.
        var entries: [Entry] = []

        /// How much goes through.
        enum Amount {
            /// Everything.
            case unlimited
            /// A number of requests per unit.
            case requests(Located<Int64>, DescriptorLimit.Unit)
        }
    }
}

extension DiagnosticCode {
    /// Something of another product's configuration that the policy language does not say.
    package static let notCarriedOver = DiagnosticCode("not-carried-over")
}
