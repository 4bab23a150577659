import Access
import Foundation
import Testing

/// The command line beside a governed server: operators with all roles who are let in by the machine as needed.
final class ControlCommandLine {
    /// The server and its control API.
    let control: ControlSite
    /// Where everything lies.
    let folder: TestFolder
    private var phones: [String: Phone] = [:]

    /// A policy in which a class has a budget of its own.
    static let policy = ControlSite.policy.replacing(
        "  work: { tier: everything, consequence: low, owner: tests }",
        with: """
              work: { tier: everything, consequence: low, owner: tests }
              mail: { tier: everything, consequence: low, owner: tests }
            """
    ).replacing(
        "standard: { tenant: { rate: 3000/s, burst: 5000 } }",
        with: """
            standard: { tenant: { rate: 300/day, burst: 50 }, classes: { work: { guarantee: 30/day } } }
              large: { tenant: { rate: 3000/day, burst: 500 } }

            """)
    private static let rolesForAll = Role.allCases.filter { !$0.isBoundToTenants }.flatMap { ["--role", $0.rawValue] }

    /// Begins a ledger, starts the server, and stops it whatever becomes of the body.
    static func with(_ body: (ControlCommandLine) async throws -> Void) async throws {
        try await TestFolder.with { folder in
            let policy = try folder.write(policy, to: "policy.yaml")
            let begun = try await Command.run(
                ["init", "--operator", "ada", "--password-stdin", "--data", folder.file("data"), "--policy", policy],
                input: ControlSite.password + "\n", in: folder)
            try #require(begun.status == 0, "\(begun.errors)")
            let site = Site(governedIn: folder)
            try await withCleanUp {
                try await body(ControlCommandLine(try await ControlSite(starting: site), folder))
            } cleanUp: {
                _ = await site.stop()
            }
        }
    }

    private init(_ control: ControlSite, _ folder: TestFolder) {
        self.control = control
        self.folder = folder
    }

    /// Where the control API is.
    var address: String { "http://localhost:\(control.port)" }

    /// The environment of an operator's commands.
    func environment(of name: String) -> [String: String] {
        [
            "HEADGATE_SERVER": address, "HEADGATE_TOKEN": "", "HEADGATE_CODE": "", "HEADGATE_CA": "", "COLUMNS": "100",
            "XDG_CONFIG_HOME": folder.file("settings-" + name),
        ]
    }

    /// Where the sessions of an operator are kept.
    func sessions(of name: String) -> String { folder.file("settings-\(name)/headgate/sessions.json") }

    /// A code of an operator's phone that was not used yet, early enough in its step that it is still taken.
    func code(of name: String) async throws -> String {
        try await Patience.wait(for: "the next code") { Int(Date().timeIntervalSince1970) % 30 < 24 }
        return try #require(phones[name]).code()
    }

    /// Lets an operator in, who then signs in on the command line.
    func admit(_ name: String) async throws {
        guard phones[name] == nil else { return }
        let letIn = try await Command.run(
            ["enrol", "--operator", name, "--data", folder.file("data")] + ControlCommandLine.rolesForAll, in: folder)
        let secret = try #require(letIn.output.firstMatch(of: /hg_enrol_[0-9A-Z]+/), "\(letIn.errors)").0
        phones[name] = try await control.enrol(name, with: String(secret))
        let signedIn = try await signIn(name)
        try #require(signedIn.status == 0, "\(signedIn.errors)")
    }

    /// Signs an operator in, with the settings of the same or of another one.
    func signIn(_ name: String, password: String = ControlSite.password, settings: String? = nil) async throws
        -> Command
    {
        let code = try await code(of: name)
        return try await Command.run(
            ["sign-in", "--operator", name, "--password-stdin"], environment: environment(of: settings ?? name),
            input: "\(password)\n\(code)\n", in: folder)
    }

    /// Runs a command as an operator who has signed in before.
    func run(
        _ arguments: String..., as name: String = "bob", input: String = "", environment more: [String: String] = [:]
    ) async throws -> Command {
        try await admit("bob")
        return try await Command.run(
            arguments, environment: environment(of: name).merging(more) { $1 }, input: input, in: folder)
    }

    /// Runs a command as `bob`, who confirms nothing.
    func plain(_ arguments: [String]) async throws -> Command {
        try await admit("bob")
        return try await Command.run(arguments, environment: environment(of: "bob"), in: folder)
    }

    /// Runs a command as an operator, who confirms with a code what has to be confirmed.
    func run(_ arguments: [String], confirmingAs name: String) async throws -> Command {
        try await admit(name)
        let code = try await code(of: name)
        return try await Command.run(
            arguments + ["--code-stdin"], environment: environment(of: name), input: code + "\n", in: folder)
    }

    /// Runs a command that has to go well, with `--json`; where an operator is named, with a code that confirms.
    ///
    /// - Returns: the document, or the first one of a list.
    func json(
        _ arguments: String..., confirmingAs name: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String: Any] {
        let all = arguments + ["--json"]
        let command = if let name { try await run(all, confirmingAs: name) } else { try await plain(all) }
        try #require(command.status == 0, "\(arguments): \(command.errors)", sourceLocation: sourceLocation)
        let text = command.output.hasPrefix("{\n") ? command.output : String(command.output.prefix { $0 != "\n" })
        return try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], sourceLocation: sourceLocation)
    }
}
