internal import ArgumentParser
internal import Policy

/// `headgate principal …`: who calls for tenants and for the platform.
struct PrincipalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "principal", abstract: "List, show, state and remove principals: who calls for a tenant.",
        discussion: "A principal is written as TENANT/NAME; those of the platform as platform/NAME.",
        subcommands: [ListCommand.self, ShowCommand.self, SetCommand.self, RemoveCommand.self])

    /// `headgate principal list`.
    struct ListCommand: ControlCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List principals.")
        static let calls = OwnerName.calls("listPrincipals")

        @Argument(help: "The tenant, or platform.", completion: Completions.tenants)
        var owner: OwnerName
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                owner.call("listPrincipals"), owner.parameters, page: page,
                columns: ["name", "classes", "attributes", "KEYS=keys.count", "summary"], nothing: "no principals")
        }
    }

    /// `headgate principal show`.
    struct ShowCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a principal, with its keys but never their text.")
        static let calls = OwnerName.calls("getPrincipal")

        @Argument(help: "The principal, such as acme/web.")
        var principal: PrincipalPath
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.tell(principal.owner.call("getPrincipal"), principal.parameters)
        }
    }

    /// `headgate principal set`.
    struct SetCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Make a principal, or state what it is from now on.",
            discussion: """
                All of it is stated: what is left out is taken away. Refused if somebody else has changed its tenant \
                in between.
                """)
        static let calls = OwnerName.calls("getPrincipal", "statePrincipal")

        @Argument(help: "The principal, such as acme/web.")
        var principal: PrincipalPath
        @Option(name: .customLong("class"), help: "A class that it may claim; repeatable. The first is its usual one.")
        var classes: [String] = []
        @Option(name: .customLong("attribute"), help: "An attribute that it may state itself; repeatable.")
        var attributes: [String] = []
        @Option(help: "What it is, in a few words.")
        var description: String?
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            var tag: String?
            do {
                tag = try await api.call(principal.owner.call("getPrincipal"), principal.parameters).tag
            } catch let failure as ControlFailure where failure.problem.status == 404 {
                // It is to be made.
            }
            try await api.tell(
                principal.owner.call("statePrincipal"), principal.parameters,
                body: .record([
                    "classes": .strings(classes), "attributes": .strings(attributes),
                    "summary": description.map { .string($0) },
                ]), tag: tag)
        }
    }

    /// `headgate principal remove`.
    struct RemoveCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Remove a principal, and its keys with it.")
        static let calls = OwnerName.calls("removePrincipal")

        @Argument(help: "The principal, such as acme/web.")
        var principal: PrincipalPath
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.call(principal.owner.call("removePrincipal"), principal.parameters)
            Terminal.writeError("\(principal.owner.name)/\(principal.name) is removed.\n")
        }
    }
}
