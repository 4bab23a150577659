internal import ArgumentParser
internal import Foundation
internal import Gateway
internal import Policy
internal import Vocabulary

/// `headgate apply`: makes everything as a file says.
struct ApplyCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make tenants, principals and exemptions as a file says, after showing what changes.",
        discussion: """
            Compares the file with what is there, shows the differences, asks, and makes them. Applied again, it finds \
            nothing to change. What the file does not name stays as it is, unless --prune is given: then principals, \
            exemptions and overrides go that stand under a tenant of the file and are not in it. Tenants never go.

            Exemptions, overrides and the policy are proposed only: somebody else approves them. A tenant that \
            somebody changes meanwhile is left as it then is, with what stands under it.

            Exit codes: 0 all is as the file says, 1 something is wrong or was not done, 2 there are differences \
            (--dry-run).
            """)
    static let calls = ApplyPlanner.calls

    @Option(
        name: .shortAndLong, help: "The file, in YAML or JSON.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String
    @Flag(help: "Show the differences and change nothing.")
    var dryRun = false
    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false
    @Flag(help: "Take away what stands under tenants of the file and is not in it.")
    var prune = false
    @Option(help: "Why the policy is proposed, if it is; without it, that the file says so.")
    var reason: String?
    @OptionGroup var control: ControlOptions

    func run(_ api: ControlAPI) async throws {
        let document = try read()
        var planner = ApplyPlanner(api, prunes: prune, now: .now())
        if let policy = document.policy {
            let folder = (file as NSString).deletingLastPathComponent
            let findings = PolicyFindings(
                path: policy.value.hasPrefix("/")
                    ? policy.value : (folder as NSString).appendingPathComponent(policy.value))
            guard let snapshot = findings.snapshot else {
                let renderer = DiagnosticRenderer(files: findings.files, isColoured: Terminal.isErrorColoured)
                throw Terminal.fail(renderer.text(findings.diagnostics))
            }
            try await planner.compare(snapshot, findings.files, reason: reason ?? "as \(file) says")
        }
        try await planner.compare(document)
        let plan = planner.plan
        var report = ApplyReport(isJSON: api.isJSON, plan)
        report.tellPlan()
        guard plan.obstacles.isEmpty, !plan.steps.isEmpty, !dryRun else {
            report.tellPlanned()
            throw ExitCode(!plan.obstacles.isEmpty ? 1 : plan.steps.isEmpty ? 0 : 2)
        }
        try ask(plan.steps.count)
        await ApplyRunner(api, plan).run(telling: &report)
        report.tellOutcome()
        if !report.isComplete { throw ExitCode(1) }
    }

    private func read() throws -> ApplyDocument {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Terminal.fail("error: \(file) cannot be read; is it there?")
        }
        let source = SourceFile(name: file, bytes: [UInt8](bytes))
        let (document, diagnostics) = ApplyReader.read(source, now: .now())
        Terminal.writeError(DiagnosticRenderer(files: [source], isColoured: Terminal.isErrorColoured).text(diagnostics))
        guard let document else { throw ExitCode(1) }
        return document
    }

    private func ask(_ count: Int) throws {
        guard !yes else { return }
        do {
            let answer = try Prompt.line("Make \(count == 1 ? "this change" : "these \(count) changes")? [y/N] ")
            guard ["y", "yes"].contains(answer.lowercased()) else { throw Terminal.fail("Nothing was changed.") }
        } catch is Prompt.Failure {
            throw Terminal.fail("error: there is no terminal to ask at\n  help: give --yes, or --dry-run to look only")
        }
    }
}
