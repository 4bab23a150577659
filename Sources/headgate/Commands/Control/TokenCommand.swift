internal import Access
internal import ArgumentParser
internal import Policy

/// `headgate token …`: what automation acts with.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "List, issue and revoke API tokens of operators, for automation.",
        discussion: "Where --operator is not given, it is about one's own.",
        subcommands: [ListCommand.self, IssueCommand.self, RevokeCommand.self])

    /// `headgate token list`.
    struct ListCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List API tokens, never their text.")
        static let calls = ["listTokens", "listTokensOfOperator"]

        @Option(name: .customLong("operator"), help: "Whose; without it, one's own.")
        var operatorName: String?
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                operatorName == nil ? "listTokens" : "listTokensOfOperator",
                operatorName.map { ["operator": $0] } ?? [:], page: page,
                columns: ["id", "operator", "label", "scopes", "expires_at", "revoked_at"], nothing: "no tokens")
        }
    }

    /// `headgate token issue`.
    struct IssueCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "issue",
            abstract: "Issue an API token to oneself and print it, once, alone on standard output.",
            discussion: "It can do what its scopes name and its owner may do, and nothing that has to be confirmed.")
        static let calls = ["issueToken"]

        @Option(help: "What it is for.")
        var label: String
        @Option(name: .customLong("scope"), help: "What it may do; repeatable.")
        var scopes: [TokenScope]
        @Option(help: "How long it lives: an hour to 366 days, such as 90d.")
        var lifetime = "30d"
        @OptionGroup var control: ControlOptions

        func validate() throws { _ = try Moments.seconds(lifetime) }

        func run(_ api: ControlAPI) async throws {
            let answer = try await api.call(
                "issueToken",
                body: [
                    "label": .string(label), "scopes": .strings(scopes.map(\.rawValue)),
                    "lifetime_seconds": .integer(try Moments.seconds(lifetime)),
                ])
            let id = answer.value["id"]?.text ?? ""
            try api.tellSecret(answer, member: "token", "Issued the token \(id); it is not shown again.")
        }
    }

    /// `headgate token revoke`.
    struct RevokeCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Withdraw an API token, at once and for ever.")
        static let calls = ["revokeToken", "revokeTokenOfOperator"]

        @Argument(help: "The token's id, as the list has it.")
        var id: String
        @Option(name: .customLong("operator"), help: "Whose; without it, one's own.")
        var operatorName: String?
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            if let operatorName {
                try await api.call("revokeTokenOfOperator", ["operator": operatorName, "token": id])
            } else {
                try await api.call("revokeToken", ["token": id])
            }
            Terminal.writeError("The token \(id) is revoked.\n")
        }
    }
}

extension TokenScope: ExpressibleByArgument {}
