internal import ArgumentParser
internal import Policy
internal import Vocabulary

/// `headgate key …`: what principals call with.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "List, issue, rotate and revoke API keys of principals.",
        discussion: "A principal is written as TENANT/NAME; those of the platform as platform/NAME.",
        subcommands: [ListCommand.self, IssueCommand.self, RotateCommand.self, RevokeCommand.self, StaleCommand.self])

    /// What a key can be.
    enum Status: String, ExpressibleByArgument, CaseIterable {
        case active, expired, revoked
    }

    /// `headgate key list`.
    struct ListCommand: ControlCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List keys, never their text.")
        static let calls = OwnerName.calls("listKeys")

        @Argument(help: "The tenant, or platform.", completion: Completions.tenants)
        var owner: OwnerName
        @Option(help: "Only those of this status.")
        var status: Status?
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                owner.call("listKeys"), owner.parameters, query: [("status", status?.rawValue)], page: page,
                columns: ["id", "principal", "status", "created_at", "expires_at", "last_used_at", "label"],
                nothing: "no keys")
        }
    }

    /// What is said of a new key.
    struct Options: ParsableArguments {
        @Option(help: "What it is for.")
        var label: String?
        @Option(help: "When it expires: a moment, or a time from now such as 90d; without it, never.")
        var expires: String?

        func validate() throws { _ = try Moments.stated(expires) }
    }

    /// Issues a key and prints it.
    private static func issue(
        _ principal: PrincipalPath, _ options: Options, replaces: String? = nil, overlap: Int64? = nil,
        _ api: ControlAPI
    ) async throws {
        let answer = try await api.call(
            principal.owner.call("issueKey"), principal.parameters,
            body: .record([
                "label": options.label.map { .string($0) }, "expires": try Moments.stated(options.expires),
                "replaces": replaces.map { .string($0) }, "overlap_seconds": overlap.map { .integer($0) },
            ]))
        let id = answer.value["id"]?.text ?? ""
        try api.tellSecret(answer, member: "key", "Issued the key \(id); it is not shown again.")
    }

    /// `headgate key issue`.
    struct IssueCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "issue", abstract: "Issue a key and print it, once, alone on standard output.")
        static let calls = OwnerName.calls("issueKey")

        @Argument(help: "The principal, such as acme/web.")
        var principal: PrincipalPath
        @OptionGroup var options: Options
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws { try await KeyCommand.issue(principal, options, api) }
    }

    /// `headgate key rotate`.
    struct RotateCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Issue a key in the place of another one, which still holds for a while.")
        static let calls = OwnerName.calls("issueKey")

        @Argument(help: "The principal, such as acme/web.")
        var principal: PrincipalPath
        @Argument(help: "The id of the key that is replaced.")
        var id: String
        @Option(help: "How long the replaced one still holds, such as 12h or 7d.")
        var overlap = "24h"
        @OptionGroup var options: Options
        @OptionGroup var control: ControlOptions

        func validate() throws { _ = try Moments.seconds(overlap) }

        func run(_ api: ControlAPI) async throws {
            try await KeyCommand.issue(principal, options, replaces: id, overlap: try Moments.seconds(overlap), api)
        }
    }

    /// `headgate key stale`.
    struct StaleCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "stale", abstract: "List active keys that nobody has used for some days, or ever.")
        static let calls = ["reportStaleKeys"]

        @Option(help: "For how many days.")
        var days = 90
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "reportStaleKeys", query: [("days", String(days))], page: page,
                columns: ["id", "principal", "created_at", "expires_at", "last_used_at", "label"],
                nothing: "no key is stale")
        }
    }

    /// `headgate key revoke`.
    struct RevokeCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Withdraw a key, at once and for ever.")
        static let calls = OwnerName.calls("revokeKey")

        @Argument(help: "The tenant, or platform.", completion: Completions.tenants)
        var owner: OwnerName
        @Argument(help: "The id of the key, as the list has it.")
        var id: String
        @Option(help: "Why, for the record.")
        var reason: String?
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.tell(
                owner.call("revokeKey"), owner.parameters.merging(["key": id]) { $1 },
                body: .record(["reason": reason.map { .string($0) }]))
        }
    }
}
