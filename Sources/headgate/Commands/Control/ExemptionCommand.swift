internal import ArgumentParser
internal import Directory
internal import Policy
internal import Vocabulary

/// `headgate exemption …`: what tenants have beside their plans.
struct ExemptionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exemption", abstract: "Propose, approve, reject and end exemptions and overrides.",
        discussion: """
            An exemption multiplies what the plan says, for a time; an override states other numbers, as a contract \
            does. Nobody approves what they proposed themselves. A trial of another plan: 'headgate plan assign \
            --trial'.
            """,
        subcommands: [
            ListCommand.self, ShowCommand.self, ProposeCommand.self, ApproveCommand.self, RejectCommand.self,
            WithdrawCommand.self, EndCommand.self,
        ])

    /// Which one.
    struct Options: ParsableArguments {
        @Argument(help: "The tenant.", completion: Completions.tenants)
        var tenant: String
        @Argument(help: "The id of the exemption or override.")
        var id: String

        /// What stands in the path.
        var parameters: [String: String] { ["tenant": tenant, "grant": id] }
    }

    /// In which state it is.
    enum State: String, ExpressibleByArgument, CaseIterable {
        case open, approved, rejected
    }

    /// `headgate exemption list`.
    struct ListCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List what a tenant has or was to have beside its plan.")
        static let calls = ["listGrants"]

        @Argument(help: "The tenant.", completion: Completions.tenants)
        var tenant: String
        @Option(help: "Only those in this state.")
        var state: State?
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listGrants", ["tenant": tenant], query: [("state", state?.rawValue)], page: page,
                columns: [
                    "id", "kind", "state", "HOLDS NOW=holds", "adjustments", "features", "until", "requester", "reason",
                ], nothing: "\(tenant) has nothing beside its plan")
        }
    }

    /// `headgate exemption show`.
    struct ShowCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one, with everything in it.")
        static let calls = ["getGrant"]

        @OptionGroup var which: Options
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws { try await api.tell("getGrant", which.parameters) }
    }

    /// `headgate exemption propose`.
    struct ProposeCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "propose", abstract: "Ask for an exemption or an override, for somebody else to approve.",
            discussion: """
                --adjust says what becomes of which part of the plan, and can be repeated:
                  --adjust class/export=2x                  twice as much of everything that the class has
                  --adjust 'tenant=500/s burst 1000'        another rate, and another burst (overrides)
                  --adjust quota/requests/month=8000000     another allowance (overrides)
                """)
        static let calls = ["proposeGrant"]

        @Argument(help: "The tenant.", completion: Completions.tenants)
        var tenant: String
        @Option(help: "Which of the two.")
        var kind = Grant.Kind.exemption
        @Option(
            name: .customLong("adjust"), help: "A part of the plan and what becomes of it.",
            transform: ProposeCommand.adjustment)
        var adjustments: [Adjustment] = []
        @Option(name: .customLong("feature"), help: "A feature beside those of the plan; repeatable.")
        var features: [String] = []
        @Option(help: "From when on: a moment, or a time from now such as 2d; without it, now.")
        var from: String?
        @Option(help: "Until when: a moment, or a time from now such as 7d. Exemptions always end.")
        var until: String?
        @Option(help: "When somebody has to look at it again. Overrides without an end have that.")
        var review: String?
        @Option(help: "Why, for the record and for who approves.")
        var reason: String
        @Option(help: "How it is called from now on; without it, an id is drawn.")
        var id: String?
        @OptionGroup var control: ControlOptions

        func validate() throws {
            for text in [from, until, review] { _ = try Moments.stated(text) }
            guard !adjustments.isEmpty || !features.isEmpty else {
                throw ValidationError("an exemption adjusts something or gives a feature: --adjust, or --feature")
            }
        }

        func run(_ api: ControlAPI) async throws {
            try await api.tell(
                "proposeGrant", ["tenant": tenant],
                body: .record([
                    "id": id.map { .string($0) }, "kind": .string(kind.rawValue),
                    "adjustments": .array(adjustments.map(AdjustmentText.json)), "features": .strings(features),
                    "from": try Moments.stated(from), "until": try Moments.stated(until),
                    "reason": .string(reason), "review": try Moments.stated(review),
                ]))
        }

        @Sendable
        private static func adjustment(_ text: String) throws -> Adjustment {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("'\(text)' is no adjustment; write class/export=2x") }
            do { return try AdjustmentText.read(target: parts[0], change: parts[1]) } catch {
                let help = error.suggestion.map { "; \($0)" } ?? ""
                throw ValidationError((error.message + help).replacing("`", with: "'"))
            }
        }
    }

    /// `headgate exemption approve`.
    struct ApproveCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "approve", abstract: "Approve what somebody else asks for; has to be confirmed.")
        static let calls = ["approveGrant"]

        @OptionGroup var which: Options
        @Option(help: "Why, for the record.")
        var reason: String?
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.tell(
                "approveGrant", which.parameters, body: .record(["reason": reason.map { .string($0) }]))
        }
    }

    /// `headgate exemption reject`.
    struct RejectCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "reject", abstract: "Refuse what somebody asks for; has to be confirmed.")
        static let calls = ["rejectGrant"]

        @OptionGroup var which: Options
        @Option(help: "Why, for the record and for who has asked.")
        var reason: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.tell("rejectGrant", which.parameters, body: ["reason": .string(reason)])
        }
    }

    /// `headgate exemption withdraw`.
    struct WithdrawCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "Take back what one has asked for, before it is decided.")
        static let calls = ["withdrawGrant"]

        @OptionGroup var which: Options
        @Option(help: "Why, for the record.")
        var reason: String?
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.tell(
                "withdrawGrant", which.parameters, body: .record(["reason": reason.map { .string($0) }]))
        }
    }

    /// `headgate exemption end`.
    struct EndCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "end", abstract: "End one now, or earlier than it said; has to be confirmed.")
        static let calls = ["endGrant"]

        @OptionGroup var which: Options
        @Option(help: "When: a moment, or a time from now such as 2d; without it, now.")
        var at: String?
        @Option(help: "Why, for the record.")
        var reason: String
        @OptionGroup var control: ControlOptions

        func validate() throws { _ = try Moments.stated(at) }

        func run(_ api: ControlAPI) async throws {
            try await api.tell(
                "endGrant", which.parameters,
                body: .record(["at": try Moments.stated(at), "reason": .string(reason)]))
        }
    }
}

extension Grant.Kind: ExpressibleByArgument {}
