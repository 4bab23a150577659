import Foundation
import Testing
import Vocabulary

@testable import Access

/// A governed server with a control API, and two operators with all roles, `bob` and `carol`, who have signed in on the
/// command line.
struct SignedInSite {
    /// The server.
    let site: Site
    /// Where everything lies.
    let folder: TestFolder
    /// Where the control API is.
    let address: String
    /// How commands are run: on top of the environment of the tests.
    private let environment: [String: String]
    private var passwords: [String: String]

    static let policy = """
        headgate: 1
        name: governed
        owner: tests
        tiers: [{ name: everything }]
        defaults: { class: work }
        classes:
          work: { tier: everything, consequence: low, owner: tests }
          export: { tier: everything, consequence: low, owner: tests }
        operations:
          act: { match: "POST /v1/acts" }
        plans:
          standard:
            tenant: { rate: 300/day, burst: 50 }
            classes: { export: { guarantee: 30/day } }
          large: { tenant: { rate: 3000/day, burst: 500 } }

        """
    private static let rolesForAll = Role.allCases.filter { !$0.isBoundToTenants }.flatMap { ["--role", $0.rawValue] }

    /// Begins a ledger, starts the server, makes the operators, and stops the server whatever becomes of the body.
    ///
    /// - Parameters:
    ///   - certificates: what the server speaks TLS with; `nil`: nothing.
    ///   - body: what is done with it.
    static func with(
        certificates: ((TestFolder) throws -> Certificates)? = nil, _ body: (SignedInSite) async throws -> Void
    ) async throws {
        try await TestFolder.with { folder in
            let policy = try folder.write(SignedInSite.policy, to: "policy.yaml")
            let begun = try await Command.run(
                ["init", "--operator", "ada", "--password-stdin", "--data", folder.file("data"), "--policy", policy],
                input: "correct horse battery staple\n", in: folder)
            try #require(begun.status == 0, "\(begun.errors)")
            let tls = try certificates?(folder)
            let site = Site(governedIn: folder)
            try await withCleanUp {
                try await site.start(
                    tls.map { $0.options + ["--listen", "0.0.0.0:0", "--control", "0.0.0.0:0"] }
                        ?? ["--control", "127.0.0.1:0"])
                try await Patience.wait(for: "the control API") { site.log.contains("the control API listens") }
                try await body(try await SignedInSite(site, folder, authority: tls?.authority.certificate, begun.output))
            } cleanUp: {
                _ = await site.stop()
            }
        }
    }

    private init(_ site: Site, _ folder: TestFolder, authority: String?, _ begun: String) async throws {
        self.site = site
        self.folder = folder
        let place = try #require(site.log.firstMatch(of: /control API listens on (https?):\/\/[^\s]+:([0-9]+)/))
        address = "\(place.1)://localhost:\(place.2)"
        var environment = ["HEADGATE_SERVER": address, "HEADGATE_TOKEN": "", "HEADGATE_CODE": "", "COLUMNS": "100"]
        if let authority { environment["HEADGATE_CA"] = authority }
        self.environment = environment
        passwords = [:]
        let recovery = try #require(begun.firstMatch(of: /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/)).0
        let phone = try #require(begun.firstMatch(of: /secret=([A-Z2-7]+)/)).1
        let signedIn = try await run(
            "sign-in", "--operator", "ada", "--password-stdin", as: "ada",
            input: "correct horse battery staple\n\(recovery)\n")
        try #require(signedIn.status == 0, "\(signedIn.errors)")
        // A code is accepted once, the one of the step ahead after that of now.
        try await confirmed(
            ["operator", "set", "bob"] + SignedInSite.rolesForAll, with: SignedInSite.code(phone, ahead: 0))
        let password = try await confirmed(["operator", "reset", "bob"], with: SignedInSite.code(phone, ahead: 1))
        passwords["bob"] = password
        try await signIn("bob")
        let made = try await run(["operator", "set", "carol"] + SignedInSite.rolesForAll, confirmingAs: "bob")
        try #require(made.status == 0, "\(made.errors)")
        let drawn = try await run(["operator", "reset", "carol"], confirmingAs: "bob")
        passwords["carol"] = drawn.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try await signIn("carol")
    }

    @discardableResult
    private func confirmed(_ arguments: [String], with code: String) async throws -> String {
        let command = try await Command.run(
            arguments, environment: environment(of: "ada").merging(["HEADGATE_CODE": code]) { $1 }, in: folder)
        try #require(command.status == 0, "\(arguments): \(command.errors)")
        return command.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The code that an authenticator app shows so many steps from now.
    private static func code(_ secret: Substring, ahead steps: Int64) throws -> String {
        let secret = try #require(CodeSecret(base32: String(secret)))
        let now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        return OneTimeCode.code(secret: secret.bytes, counter: UInt64(OneTimeCode.step(at: now) + steps))
    }

    /// The environment of an operator's commands.
    func environment(of name: String) -> [String: String] {
        environment.merging(["XDG_CONFIG_HOME": folder.file("settings-" + name)]) { $1 }
    }

    /// What an operator signs in and confirms with.
    func password(of name: String) -> String { passwords[name] ?? "" }

    /// Where the sessions of an operator are kept.
    func sessions(of name: String) -> String { folder.file("settings-\(name)/headgate/sessions.json") }

    /// Signs an operator in.
    @discardableResult
    func signIn(_ name: String, password: String? = nil) async throws -> Command {
        try await run(
            "sign-in", "--operator", name, "--password-stdin", as: name,
            input: (password ?? passwords[name] ?? "") + "\n")
    }

    /// Runs a command as an operator.
    func run(
        _ arguments: String..., as name: String = "bob", input: String = "", environment more: [String: String] = [:]
    ) async throws -> Command {
        try await Command.run(
            arguments, environment: environment(of: name).merging(more) { $1 }, input: input, in: folder)
    }

    /// Runs a command as an operator, who confirms with the password what has to be confirmed.
    func run(_ arguments: [String], confirmingAs name: String) async throws -> Command {
        try await Command.run(
            arguments + ["--code-stdin"], environment: environment(of: name), input: (passwords[name] ?? "") + "\n",
            in: folder)
    }

    /// Runs a command that has to go well, with `--json`.
    ///
    /// - Returns: the document, or the first one of a list.
    func json(
        _ arguments: String..., confirmingAs name: String = "bob", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String: Any] {
        let command = try await run(arguments + ["--json"], confirmingAs: name)
        try #require(command.status == 0, "\(arguments): \(command.errors)", sourceLocation: sourceLocation)
        let text = command.output.hasPrefix("{\n") ? command.output : String(command.output.prefix { $0 != "\n" })
        return try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], sourceLocation: sourceLocation)
    }
}
