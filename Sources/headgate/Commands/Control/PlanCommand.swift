internal import ArgumentParser
internal import Policy
internal import Vocabulary

/// `headgate plan …`: what tenants have bought, and who has more.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Assign plans to tenants, and report who has more than the plan says.",
        subcommands: [AssignCommand.self, ExcessCommand.self])

    /// `headgate plan assign`.
    struct AssignCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "assign", abstract: "Give a tenant a plan, now, later or for a time.",
            discussion: "A trial stands above what was bought, and always ends.")
        static let calls = ["assignPlan"]

        @Argument(help: "The tenant.", completion: Completions.tenants)
        var tenant: String
        @Argument(help: "The plan, by its name in the policy.")
        var plan: String
        @Option(help: "From when on: a moment, or a time from now such as 2d; without it, now.")
        var from: String?
        @Option(help: "Until when: a moment, or a time from now such as 30d.")
        var until: String?
        @Flag(help: "It is a trial.")
        var trial = false
        @Option(help: "Why, for the record.")
        var reason: String?
        @OptionGroup var control: ControlOptions

        func validate() throws { for text in [from, until] { _ = try Moments.stated(text) } }

        func run(_ api: ControlAPI) async throws {
            try await api.tell(
                "assignPlan", ["tenant": tenant],
                body: .record([
                    "plan": .string(plan), "from": try Moments.stated(from),
                    "until": try Moments.stated(until), "trial": trial ? .flag(true) : nil,
                    "reason": reason.map { .string($0) },
                ]))
        }
    }

    /// `headgate plan excess`.
    struct ExcessCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "excess",
            abstract: "Report who has more than the plan says, by how much, why, and who has granted it.")
        static let calls = ["reportExcess"]

        @Flag(inversion: .prefixedNo, help: "Only those whose review is overdue, or only the others.")
        var overdue: Bool?
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "reportExcess", query: [("overdue", overdue.map { $0 ? "true" : "false" })], page: page,
                columns: ["tenant", "plan", "parts", "grants", "overdue"], nothing: "nobody has more than the plan says"
            )
        }
    }
}
