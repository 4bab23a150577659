internal import Access
internal import ArgumentParser
internal import Policy

/// `headgate operator …`: who runs Headgate.
struct OperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operator", abstract: "List, show, make, let in, vouch for and disable operators.",
        discussion: "Nobody gives themselves roles, and nobody resets what they sign in with themselves.",
        subcommands: [
            ListCommand.self, ShowCommand.self, SetCommand.self, DisableCommand.self, EnableCommand.self,
            ResetCommand.self, VouchCommand.self,
        ])

    /// A role, and for which tenants: `support`, `account-director:acme,globex`.
    struct HeldRole: ExpressibleByArgument {
        /// The role.
        let role: Role
        /// The tenants of a role that is held for some.
        let tenants: [String]?

        /// Reads a role.
        init?(argument: String) {
            let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
            guard let first = parts.first, let role = Role(rawValue: first) else { return nil }
            self.role = role
            tenants = parts.count == 2 ? parts[1].split(separator: ",").map(String.init) : nil
        }

        /// The roles, for help and completion.
        static var allValueStrings: [String] { Role.allCases.map(\.rawValue) }

        /// The roles, for shells.
        static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

        /// The form of the control API.
        var json: Policy.JSONValue {
            .record(["role": .string(role.rawValue), "tenants": tenants.map { .strings($0) }])
        }
    }

    /// `headgate operator list`.
    struct ListCommand: ControlCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List operators by name.")
        static let calls = ["listOperators"]

        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listOperators", page: page, columns: ["name", "roles", "disabled", "created_at"],
                nothing: "no operators")
        }
    }

    /// `headgate operator show`.
    struct ShowCommand: ControlCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an operator.")
        static let calls = ["getOperator"]

        @Argument(help: "The operator.")
        var name: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws { try await api.tell("getOperator", ["operator": name]) }
    }

    /// `headgate operator set`.
    struct SetCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Make an operator, or state their roles; has to be confirmed.",
            discussion: """
                All roles are stated: one that is left out is taken away. An account director answers for certain \
                tenants: --role account-director:acme,globex. A new operator is let in by what 'headgate \
                operator reset' draws.
                """)
        static let calls = ["getOperator", "stateOperator"]

        @Argument(help: "The operator.")
        var name: String
        @Option(name: .customLong("role"), help: "A role, and behind a colon for which tenants; repeatable.")
        var roles: [HeldRole]
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let present = try await OperatorCommand.present(name, api)
            try await api.tell(
                "stateOperator", ["operator": name],
                body: .record([
                    "roles": .array(roles.map(\.json)),
                    "disabled": present.map { $0.value["disabled"] ?? .flag(false) },
                ]), tag: present?.tag)
        }
    }

    /// `headgate operator disable`.
    struct DisableCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable", abstract: "Let an operator sign in no more; sessions and tokens end. Confirmed.")
        static let calls = ["getOperator", "stateOperator"]

        @Argument(help: "The operator.")
        var name: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws { try await OperatorCommand.set(name, isDisabled: true, api) }
    }

    /// `headgate operator enable`.
    struct EnableCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable", abstract: "Let a disabled operator sign in again; has to be confirmed.")
        static let calls = ["getOperator", "stateOperator"]

        @Argument(help: "The operator.")
        var name: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws { try await OperatorCommand.set(name, isDisabled: false, api) }
    }

    /// `headgate operator reset`.
    struct ResetCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset", abstract: "Let an operator in: print what signs them in once; has to be confirmed.",
            discussion: """
                Voids what the operator signs in with, and ends sessions and tokens. Whoever does it counts as one person \
                with the operator until a third vouches. 'headgate enrol' does it on the server's machine.
                """)
        static let calls = ["resetCredentials"]

        @Argument(help: "The operator.")
        var name: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let answer = try await api.call("resetCredentials", ["operator": name], body: .object([]))
            try api.tellSecret(
                answer, member: "enrolment",
                "\(name) signs in with this once, to set a password and a phone; it is not shown again.")
        }
    }

    /// `headgate operator vouch`.
    struct VouchCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "vouch",
            abstract: "Stand for it that an operator whom somebody else has let in is that person; has to be confirmed."
        )
        static let calls = ["getOperator", "vouch"]

        @Argument(help: "The operator.")
        var name: String
        @Option(help: "How it was made sure, for the record.")
        var reason: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let present = try await api.call("getOperator", ["operator": name])
            try await api.tell(
                "vouch", ["operator": name],
                body: ["generation": present.value["generation"] ?? .integer(0), "reason": .string(reason)],
                tag: present.tag)
        }
    }

    /// The operator as they are; `nil`: there is none yet.
    private static func present(_ name: String, _ api: ControlAPI) async throws -> ControlAPI.Answer? {
        do {
            return try await api.call("getOperator", ["operator": name])
        } catch let failure as ControlFailure where failure.problem.status == 404 {
            return nil
        }
    }

    private static func set(_ name: String, isDisabled: Bool, _ api: ControlAPI) async throws {
        let present = try await api.call("getOperator", ["operator": name])
        try await api.tell(
            "stateOperator", ["operator": name],
            body: ["roles": present.value["roles"] ?? .array([]), "disabled": .flag(isDisabled)], tag: present.tag)
    }
}
