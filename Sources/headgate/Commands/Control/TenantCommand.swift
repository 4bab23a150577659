internal import ArgumentParser
internal import Policy

/// `headgate tenant …`: customers.
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "List, show, create and change tenants.",
        subcommands: [ListCommand.self, ShowCommand.self, CreateCommand.self, ChangeCommand.self])

    /// `headgate tenant list`.
    struct ListCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List tenants by name, of those that one may see.")
        static let calls = ["listTenants"]

        @Option(help: "Only those whose plan this is now.")
        var plan: String?
        @Option(help: "Only those of this segment.")
        var segment: String?
        @Option(help: "Only those with this in the name.")
        var text: String?
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listTenants", query: [("plan", plan), ("segment", segment), ("text", text)], page: page,
                columns: [
                    "name", "entitlement.plan", "TRIAL=entitlement.is_trial", "GRANTS=entitlement.grants", "segment",
                    "contract", "suspended", "created_at",
                ], nothing: "no tenants")
        }
    }

    /// `headgate tenant show`.
    struct ShowCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a tenant, with what holds for it now.")
        static let calls = ["getTenant"]

        @Argument(help: "The tenant.", completion: Completions.tenants)
        var tenant: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws { try await api.tell("getTenant", ["tenant": tenant]) }
    }

    /// What a tenant is; what is left out stays as it is.
    struct Statement: ParsableArguments {
        @Option(help: "The segment that reports group it in; an empty one takes it away.")
        var segment: String?
        @Option(help: "The contract behind it; an empty one takes it away.")
        var contract: String?
        @Option(name: .customLong("region"), help: "A region that it may use; repeatable.")
        var regions: [String] = []
        @Flag(help: "It may use all regions.")
        var allRegions = false
        @Flag(inversion: .prefixedNo, help: "It is a sandbox, whose keys begin with hg_test_.")
        var sandbox: Bool?
        @Flag(inversion: .prefixedNo, help: "Nothing it asks for is admitted.")
        var suspended: Bool?

        func validate() throws {
            guard regions.isEmpty || !allRegions else {
                throw ValidationError("--region and --all-regions say different things")
            }
        }

        /// The members of a body: what is there already, unless something else is said.
        func members(over present: Policy.JSONValue = .object([])) -> [Policy.JSONValue.Member] {
            let regions: Policy.JSONValue? =
                allRegions ? nil : self.regions.isEmpty ? present["regions"] : .strings(self.regions)
            let members: [(String, Policy.JSONValue?)] = [
                ("segment", text(segment, over: present["segment"])),
                ("contract", text(contract, over: present["contract"])), ("regions", regions),
                ("sandbox", .flag(sandbox ?? present["sandbox"]?.truth ?? false)),
                ("suspended", .flag(suspended ?? present["suspended"]?.truth ?? false)),
            ]
            return members.compactMap { name, value in value.map { Policy.JSONValue.Member(name, $0) } }
        }

        private func text(_ text: String?, over present: Policy.JSONValue?) -> Policy.JSONValue? {
            text.map { $0.isEmpty ? nil : .string($0) } ?? present
        }
    }

    /// `headgate tenant create`.
    struct CreateCommand: ControlCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a tenant.")
        static let calls = ["createTenant"]

        @Argument(help: "Its name: letters, digits and . _ - @ +")
        var tenant: String
        @Option(help: "Its plan.")
        var plan: String
        @OptionGroup var statement: Statement
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let head: [Policy.JSONValue.Member] = [.init("name", .string(tenant)), .init("plan", .string(plan))]
            try await api.tell("createTenant", body: .object(head + statement.members()))
        }
    }

    /// `headgate tenant change`.
    struct ChangeCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "change", abstract: "State what a tenant is from now on; what is left out stays as it is.",
            discussion: """
                --plan is the plan where no assignment holds; 'headgate plan assign' gives plans from a day on, or for \
                a time. Refused if somebody else has changed the tenant in between.
                """)
        static let calls = ["getTenant", "replaceTenant"]

        @Argument(help: "The tenant.", completion: Completions.tenants)
        var tenant: String
        @Option(help: "Its plan.")
        var plan: String?
        @OptionGroup var statement: Statement
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let present = try await api.call("getTenant", ["tenant": tenant])
            let head = Policy.JSONValue.Member("plan", plan.map { .string($0) } ?? present.value["plan"] ?? .null)
            try await api.tell(
                "replaceTenant", ["tenant": tenant], body: .object([head] + statement.members(over: present.value)),
                tag: present.tag)
        }
    }
}
