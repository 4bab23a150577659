internal import ArgumentParser
internal import Policy

/// `headgate policy …`: everything one can do with a policy without serving it.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Check, test, compare and explain policies; propose, approve and publish them.",
        subcommands: [Check.self, Test.self, Difference.self, Explain.self, Schema.self, Import.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Control API",
                subcommands: [
                    Propose.self, Proposals.self, Show.self, Compare.self, Approve.self, Reject.self, Withdraw.self,
                    Schedule.self,
                    Publish.self, RollBack.self,
                ])
        ])

    /// How results are printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    /// Reads and compiles a policy; prints all diagnostics to standard error.
    ///
    /// - Throws: exit code 1 if there are errors.
    static func compile(_ path: String) throws -> (snapshot: Snapshot, tests: [PolicyTest], files: [SourceFile]) {
        let files = try read(path)
        let result = PolicyCompiler.compile(files)
        Terminal.writeError(
            DiagnosticRenderer(files: files, isColoured: Terminal.isErrorColoured).text(result.diagnostics))
        guard let snapshot = result.snapshot else { throw ExitCode(1) }
        return (snapshot, result.tests, files)
    }

    /// Reads the files of a policy.
    ///
    /// - Throws: exit code 1 after saying why they cannot be read.
    static func read(_ path: String) throws -> [SourceFile] {
        do { return try PolicyFiles(path: path).read() } catch { throw Terminal.fail("error: \(error)") }
    }

    /// `headgate policy check`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find everything that is wrong with a policy, all at once.",
            discussion: """
                Prints each problem with file, line and column, the offending text, and what to write instead, and \
                runs the tests that stand in the policy. Exits with 1 if there are errors or a test fails, with 0 if \
                there are only warnings or none.
                """)

        @Argument(help: "A policy document, or a folder of them.", completion: .file(extensions: ["yaml", "yml"]))
        var path: String
        @Option(help: "text for people, json for editors and pipelines.")
        var format = Format.text

        func run() throws {
            let findings = PolicyFindings(path: path)
            let renderer = DiagnosticRenderer(
                files: findings.files, isColoured: format == .text && Terminal.isColoured)
            guard format == .text else {
                Terminal.write(renderer.json(findings.diagnostics))
                throw ExitCode(findings.snapshot == nil ? 1 : 0)
            }
            Terminal.write(renderer.text(findings.diagnostics))
            let errors = findings.diagnostics.filter { $0.severity == .error }.count
            let warnings = findings.diagnostics.count - errors
            guard let snapshot = findings.snapshot else {
                Terminal.write("\n\(path): \(counted(errors, "error")), \(counted(warnings, "warning"))\n")
                throw ExitCode(1)
            }
            Terminal.write(
                "\(path): ok, \(counted(warnings, "warning")); policy \(snapshot.name), version \(snapshot.version)\n")
        }
    }

    /// `headgate policy test`.
    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the tests that stand in a policy.",
            discussion: "Prints what was expected and what was found for each that fails. Exits with 1 if any does.")

        @Argument(help: "A policy document, or a folder of them.", completion: .file(extensions: ["yaml", "yml"]))
        var path: String
        @Option(help: "text for people, json for pipelines.")
        var format = Format.text

        func run() throws {
            if format == .json { try refuseInJSON() }
            let (snapshot, tests, files) = try PolicyCommand.compile(path)
            let report = PolicyTestReport(tests: tests, snapshot: snapshot, files: files)
            Terminal.write(format == .text ? report.text(isColoured: Terminal.isColoured) : report.json)
            if report.failureCount > 0 { throw ExitCode(1) }
        }

        /// Answers a pipeline in JSON also when the policy cannot be tested, with what is wrong with it.
        private func refuseInJSON() throws {
            let findings = PolicyFindings(path: path, runsTests: false)
            guard findings.snapshot == nil else { return }
            let renderer = DiagnosticRenderer(files: findings.files)
            Terminal.write(PolicyTestReport.json(refused: renderer.json(findings.diagnostics)))
            throw ExitCode(1)
        }
    }

    /// `headgate policy diff`.
    struct Difference: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "diff", abstract: "Say who gains and who loses between two policies, in numbers.")

        @Argument(help: "The policy as it is.", completion: .file(extensions: ["yaml", "yml"]))
        var before: String
        @Argument(help: "The policy as it would be.", completion: .file(extensions: ["yaml", "yml"]))
        var after: String
        @Option(help: "text for people, json for pipelines.")
        var format = Format.text

        func run() throws {
            let difference = PolicyDifference(
                from: try PolicyCommand.compile(before).snapshot, to: try PolicyCommand.compile(after).snapshot)
            Terminal.write(format == .text ? difference.text : difference.json.document)
        }
    }

    /// `headgate policy explain`.
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say in plain sentences what a policy does.",
            discussion: "With --overload: which exact requests are protected during overload, and what is shed first.")

        @Argument(help: "A policy document, or a folder of them.", completion: .file(extensions: ["yaml", "yml"]))
        var path: String
        @Flag(help: "Only what holds during overload.")
        var overload = false
        @Option(help: "text for people, json for tools.")
        var format = Format.text

        func run() throws {
            let snapshot = try PolicyCommand.compile(path).snapshot
            if overload {
                let explanation = OverloadExplanation(snapshot)
                Terminal.write(format == .text ? explanation.text : explanation.json.document)
            } else {
                let explanation = PolicyExplanation(snapshot)
                Terminal.write(format == .text ? explanation.text : explanation.json.document)
            }
        }
    }

    /// `headgate policy schema`.
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema of the policy language, for editors.",
            discussion: "Put '# yaml-language-server: $schema=PATH' on the first line of a policy to use it.")

        func run() { Terminal.write(PolicySchema.text) }
    }
}

/// A number with its noun: `1 error`, `2 errors`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
