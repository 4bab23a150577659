internal import ArgumentParser
internal import Gateway
internal import Policy
internal import Vocabulary

/// What the control API does with policies: proposed by one person, approved by another, in force.
extension PolicyCommand {
    /// Which proposal.
    struct ProposalOptions: ParsableArguments {
        @Argument(help: "The id of the proposal, such as p3.")
        var id: String

        /// What stands in the path.
        var parameters: [String: String] { ["policy": id] }
    }

    /// `headgate policy proposals`.
    struct Proposals: ControlCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what was proposed, approved, scheduled and published, oldest first.")
        static let calls = ["listPolicies"]

        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listPolicies", page: page,
                columns: [
                    "id", "state", "in_force", "author", "decider", "proposed_at", "scheduled_for", "expires", "reason",
                ], nothing: "nothing was proposed")
        }
    }

    /// `headgate policy show`.
    struct Show: ControlCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a proposal; without an id, the policy in force.")
        static let calls = ["getPolicy", "currentPolicy"]

        @Argument(help: "The id of the proposal, such as p3.")
        var id: String?
        @Flag(help: "The documents alone, as they were proposed.")
        var documents = false
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let answer = try await api.call(
                id == nil ? "currentPolicy" : "getPolicy", id.map { ["policy": $0] } ?? [:])
            guard documents else { return api.isJSON ? api.show(answer) : api.show(PolicyCommand.summary(of: answer)) }
            for document in answer.value["documents"]?.items ?? [] {
                Terminal.write(document["text"]?.text ?? "")
            }
        }
    }

    /// The answer with the names of the documents in the place of the documents.
    private static func summary(of answer: ControlAPI.Answer) -> ControlAPI.Answer {
        guard case .object(let members) = answer.value else { return answer }
        let short = members.map { member in
            guard member.key == "documents" else { return member }
            return Policy.JSONValue.Member(
                member.key, .strings(member.value.items.compactMap { $0["name"]?.text }))
        }
        return ControlAPI.Answer(value: .object(short), text: answer.text, tag: answer.tag)
    }

    /// `headgate policy propose`.
    struct Propose: ControlCommand {
        static let configuration = CommandConfiguration(
            abstract: "Propose a policy, for somebody else to approve.",
            discussion: "Checks it first, as 'headgate policy check' does, and runs its tests.")
        static let calls = ["proposePolicy"]

        @Argument(help: "A policy document, or a folder of them.", completion: .file(extensions: ["yaml", "yml"]))
        var path: String
        @Option(help: "Why, for the record and for who approves.")
        var reason: String
        @Option(help: "When the policy before it is in force again: a moment, or a time from now such as 30d.")
        var expires: String?
        @OptionGroup var control: ControlOptions

        func validate() throws { _ = try Moments.stated(expires) }

        func run(_ api: ControlAPI) async throws {
            let findings = PolicyFindings(path: path)
            guard findings.snapshot != nil else {
                let renderer = DiagnosticRenderer(files: findings.files, isColoured: Terminal.isErrorColoured)
                throw Terminal.fail(renderer.text(findings.diagnostics))
            }
            let answer = try await api.call(
                "proposePolicy",
                body: .record([
                    "documents": PolicyCommand.documents(findings.files), "reason": .string(reason),
                    "expires": try Moments.stated(expires),
                ]))
            api.isJSON ? api.show(answer) : api.show(PolicyCommand.summary(of: answer))
        }
    }

    /// Documents in the form of the control API.
    static func documents(_ files: [SourceFile]) -> Policy.JSONValue {
        .array(
            files.map { file in
                let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
                return ["name": .string(name), "text": .string(file.text)]
            })
    }

    /// `headgate policy compare`.
    struct Compare: ControlCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say who gains and who loses by a proposal, compared with the policy in force or another one.")
        static let calls = ["comparePolicies"]

        @OptionGroup var proposal: ProposalOptions
        @Option(help: "The id of the proposal that it is compared with; without it, the policy in force.")
        var from: String?
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let answer = try await api.call("comparePolicies", proposal.parameters, query: [("from", from)])
            guard !api.isJSON else { return api.show(answer) }
            Terminal.write((answer.value["summary"]?.text ?? "") + "\n")
            Terminal.write(
                AnswerText(now: .now()).table(
                    answer.value["lines"]?.items ?? [],
                    columns: [
                        "verdict", "PROTECTED=isProtected", "subject", "aspect", "detail", "from", "to", "note",
                    ]))
        }
    }

    /// `headgate policy approve`.
    struct Approve: ControlCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve what somebody else proposes; has to be confirmed.")
        static let calls = ["approvePolicy"]

        @OptionGroup var proposal: ProposalOptions
        @Option(help: "Why, for the record.")
        var reason: String?
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await PolicyCommand.change(
                "approvePolicy", proposal, body: .record(["reason": reason.map { .string($0) }]), api)
        }
    }

    /// `headgate policy withdraw`.
    struct Withdraw: ControlCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back what one has proposed and what is not in force.")
        static let calls = ["withdrawPolicy"]

        @OptionGroup var proposal: ProposalOptions
        @Option(help: "Why, for the record.")
        var reason: String?
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await PolicyCommand.change(
                "withdrawPolicy", proposal, body: .record(["reason": reason.map { .string($0) }]), api)
        }
    }

    /// `headgate policy reject`.
    struct Reject: ControlCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse a proposal that is not in force yet; has to be confirmed.")
        static let calls = ["rejectPolicy"]

        @OptionGroup var proposal: ProposalOptions
        @Option(help: "Why, for the record and for its author.")
        var reason: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await PolicyCommand.change("rejectPolicy", proposal, body: ["reason": .string(reason)], api)
        }
    }

    /// `headgate policy schedule`.
    struct Schedule: ControlCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let an approved policy come into force at a moment.")
        static let calls = ["schedulePolicy"]

        @OptionGroup var proposal: ProposalOptions
        @Option(help: "When: a moment, or a time from now such as 12h.")
        var at: String
        @Option(help: "Why then, for the record.")
        var reason: String?
        @OptionGroup var control: ControlOptions

        func validate() throws { _ = try Moments.stated(at) }

        func run(_ api: ControlAPI) async throws {
            try await PolicyCommand.change(
                "schedulePolicy", proposal,
                body: .record(["at": try Moments.stated(at), "reason": reason.map { .string($0) }]), api)
        }
    }

    /// `headgate policy publish`.
    struct Publish: ControlCommand {
        static let configuration = CommandConfiguration(abstract: "Let an approved policy come into force now.")
        static let calls = ["publishPolicy"]

        @OptionGroup var proposal: ProposalOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await PolicyCommand.change("publishPolicy", proposal, body: .object([]), api)
        }
    }

    /// `headgate policy roll-back`.
    struct RollBack: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "roll-back", abstract: "Put a policy that was in force back into force; has to be confirmed.")
        static let calls = ["rollBackPolicy"]

        @OptionGroup var proposal: ProposalOptions
        @Option(help: "Why, for the record.")
        var reason: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await PolicyCommand.change("rollBackPolicy", proposal, body: ["reason": .string(reason)], api)
        }
    }

    private static func change(
        _ call: String, _ proposal: ProposalOptions, body: Policy.JSONValue, _ api: ControlAPI
    ) async throws {
        let answer = try await api.call(call, proposal.parameters, body: body)
        api.isJSON ? api.show(answer) : api.show(summary(of: answer))
    }
}
