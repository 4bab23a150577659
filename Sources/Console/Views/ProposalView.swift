internal import Governance
internal import Policy
internal import Vocabulary

/// Proposals of policies, as the API tells them.
enum ProposalView {
    /// One document.
    static let document = Schema.named(
        "PolicyDocument", .object([.required("name", .text(1...200)), .required("text", .lines(0...(4 << 20)))]))

    private static let members: [Schema.Member] = [
        .required("id", .word), .required("version", .word, "The digest of what the documents mean."),
        .required("state", .choice(["open", "approved", "scheduled", "published", "rejected"])),
        .required("in_force", .flag), .required("reason", .told), .optional("parent", .told),
        .optional("expires", .moment), .required("author", .told), .required("proposed_at", .moment),
        .optional("decider", .told), .optional("scheduled_for", .moment),
    ]

    /// A proposal in lists.
    static let summary = Schema.named("Proposal", .object(members))
    /// A proposal with its documents.
    static let whole = Schema.named(
        "WholeProposal", .object(members + [.required("documents", .list(document, max: 1_000))]))

    /// The form of a proposal.
    static func json(
        _ proposal: PolicyProposal, in history: PolicyHistory, at now: WallTime, isWhole: Bool
    ) -> JSONValue {
        let documents = proposal.facts.documents.map { document -> JSONValue in
            ["name": .string(document.name), "text": .string(document.text)]
        }
        return .record([
            "id": .string(proposal.facts.id), "version": .string(proposal.facts.version),
            "state": .string(proposal.state.rawValue),
            "in_force": .flag(history.current(at: now)?.facts.id == proposal.facts.id),
            "reason": .string(proposal.facts.reason), "parent": .text(proposal.facts.parent),
            "expires": .time(proposal.facts.expires?.moment), "author": .string(proposal.author),
            "proposed_at": .moment(proposal.proposed), "decider": .text(proposal.decider),
            "scheduled_for": .time(proposal.scheduled), "documents": isWhole ? .array(documents) : nil,
        ])
    }
}
