internal import Vocabulary

extension PolicyDocument {
    /// The section `health`.
    struct Health {
        /// Where the section begins.
        var span: SourceSpan
        /// The signals, in the order of the file.
        var signals: [Signal] = []
        /// What answers say, if anything.
        var upstream: HealthPolicy.Upstream?
        /// `settle`.
        var settle = HealthPolicy.settleStandard
        /// `shed`.
        var shed = HealthPolicy.shedStandard
        /// `tenantErrors`.
        var tenantErrors = HealthPolicy.TenantErrors()

        /// One signal.
        struct Signal {
            /// Its name.
            var name: Located<String>
            /// `steady`.
            var steady: Located<Int64>?
            /// `stressed`.
            var stressed: Located<Int64>?
            /// `overloaded`.
            var overloaded: Located<Int64>?
            /// `absent`.
            var absent = Vocabulary.Health.stressed

            /// Decodes an entry; `nil` if its name is none.
            init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
                name = Located(pair.key.text, at: pair.key.span)
                guard decoding.check(name: name), let fields = decoding.fields(of: pair.value, .healthSignal) else {
                    return nil
                }
                func mark(_ key: String, _ decoding: inout Decoding) -> Located<Int64>? {
                    fields[key].flatMap { decoding.number($0, "a mark of a signal", in: Limit.signalNumbers) }
                }
                steady = mark("steady", &decoding)
                stressed = mark("stressed", &decoding)
                overloaded = mark("overloaded", &decoding)
                // Whoever is silent must not make others be refused.
                let words = Vocabulary.Health.allCases.filter { $0 != .overloaded }
                    .map { (word: $0.name, value: $0) }
                absent = fields["absent"].flatMap { decoding.choice($0, "a health", words)?.value } ?? absent
            }
        }

        /// Decodes the section; `nil` if it is no mapping.
        init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
            span = pair.key.span
            guard let fields = decoding.fields(of: pair.value, .health) else { return nil }
            if let node = fields["signals"] {
                signals = decoding.entries(of: node, "signals", max: Limit.healthSignals).compactMap {
                    Signal($0, &decoding)
                }
            }
            upstream = fields["upstream"].flatMap { Health.upstream($0, &decoding) }
            settle = fields["settle"].flatMap { decoding.duration($0)?.value } ?? settle
            shed = fields["shed"].flatMap { decoding.basisPoints($0)?.value } ?? shed
            if let node = fields["tenantErrors"] { decodeErrors(node, &decoding) }
        }

        private static func upstream(_ node: SourceNode, _ decoding: inout Decoding) -> HealthPolicy.Upstream? {
            guard let fields = decoding.fields(of: node, .upstreamHealth) else { return nil }
            let standard = HealthPolicy.Upstream()
            let errors = fields["errors"].flatMap { decoding.basisPoints($0)?.value }
            let slowdown = fields["slowdown"].flatMap {
                decoding.number($0, "a slowdown in percent", in: Limit.slowdown)?.value
            }
            return HealthPolicy.Upstream(
                errorBasisPoints: errors ?? standard.errorBasisPoints,
                slowdownBasisPoints: slowdown.map { $0 * 100 } ?? standard.slowdownBasisPoints)
        }

        private mutating func decodeErrors(_ node: SourceNode, _ decoding: inout Decoding) {
            guard let fields = decoding.fields(of: node, .tenantErrors) else { return }
            tenantErrors = HealthPolicy.TenantErrors(
                shareBasisPoints: fields["share"].flatMap { decoding.basisPoints($0)?.value }
                    ?? tenantErrors.shareBasisPoints,
                least: fields["least"].flatMap {
                    decoding.number($0, "the least number of requests", in: 1...1_000_000_000)?.value
                } ?? tenantErrors.least,
                window: fields["window"].flatMap { decoding.duration($0)?.value } ?? tenantErrors.window)
        }
    }
}
