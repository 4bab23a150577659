internal import ArgumentParser
internal import Policy

extension PolicyCommand {
    /// `headgate policy import …`: says in the policy language what other products are configured to do.
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say in the policy language what another product is configured to do.",
            subcommands: [EnvoyRateLimit.self])
    }

    /// `headgate policy import envoy-ratelimit`.
    struct EnvoyRateLimit: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "envoy-ratelimit",
            abstract: "Turn configurations of Envoy's reference rate limit service into a section 'descriptors'.",
            discussion: """
                Prints the section to standard output, to be put into a policy or beside it in its folder, and says on \
                standard error what could not be carried over. Exits with 1 if the configuration has errors, or if the \
                section does not fit into the policy of --into.
                """)

        @Argument(
            help: "The service's configuration files, or folders of them.",
            completion: .file(extensions: ["yaml", "yml"]))
        var paths: [String]
        @Option(
            help: "A policy, or a folder of them, with which the section must compile. Nothing is written to it.",
            completion: .file(extensions: ["yaml", "yml"]))
        var into: String?

        func run() throws {
            let files = try paths.flatMap { try PolicyCommand.read($0) }
            let imported = RateLimitImport(files)
            Terminal.writeError(
                DiagnosticRenderer(files: files, isColoured: Terminal.isErrorColoured).text(imported.diagnostics))
            guard let section = imported.text else { throw ExitCode(1) }
            if let into { try check(section, into: try PolicyCommand.read(into)) }
            Terminal.write(section)
        }

        /// Compiles the section together with a policy; what is only strange about the policy itself is not told here.
        private func check(_ section: String, into policy: [SourceFile]) throws {
            let files = policy + [SourceFile(name: "<imported>", text: section)]
            let result = PolicyCompiler.compile(files)
            let told = result.diagnostics.filter { $0.severity == .error || $0.span.file == policy.count }
            Terminal.writeError(DiagnosticRenderer(files: files, isColoured: Terminal.isErrorColoured).text(told))
            if result.snapshot == nil { throw ExitCode(1) }
        }
    }
}
