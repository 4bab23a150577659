package import Vocabulary

/// What was proposed as policy, what became of it, and what was in force when.
package struct PolicyHistory: Hashable, Sendable {
    /// The proposals, in their order: the id of the first is `p1`.
    package internal(set) var proposals: [PolicyProposal] = []
    /// What came into force, in that order.
    package internal(set) var publications: [PolicyPublication] = []

    /// The id of the next proposal.
    package var nextID: String { "p\(proposals.count + 1)" }

    /// A proposal.
    ///
    /// - Complexity: O(1).
    package func proposal(_ id: String) -> PolicyProposal? { index(of: id).map { proposals[$0] } }

    /// Where a proposal stands.
    func index(of id: String) -> Int? {
        guard let number = id.removing(prefix: "p").flatMap(Int.init), (1...max(1, proposals.count)).contains(number),
            number <= proposals.count, proposals[number - 1].facts.id == id
        else { return nil }
        return number - 1
    }

    /// The versions that were in force, in the order in which they came to be; one that was put back stands at each
    /// place.
    package var publishedVersions: [String] { publications.compactMap { proposal($0.id)?.facts.version } }

    /// What is in force at a moment: the last that came into force and has not ended; `nil` if there was none.
    ///
    /// The order of the ledger says which publication is the last, and never the times of its records: one that was
    /// written while a clock was ahead holds at once, like any other. A moment counts only where somebody has asked for
    /// one. Whether that has come, or an end has, is asked here and now, so nothing waits for a sweeper.
    package func current(at now: WallTime) -> PolicyProposal? {
        let ids = publications.map(\.id) + begun(at: now).map(\.facts.id)
        return ids.reversed().lazy.compactMap { proposal($0) }
            .first { $0.facts.expires.map { now < $0.moment } ?? true }
    }

    /// Whether a policy is or was in force at a moment.
    func hasBegun(_ id: String, at now: WallTime) -> Bool {
        publications.contains { $0.id == id } || begun(at: now).contains { $0.facts.id == id }
    }

    /// The scheduled policies whose moment has come, in the order of their moments.
    private func begun(at now: WallTime) -> [PolicyProposal] {
        proposals.filter { $0.state == .scheduled && $0.scheduled.map { $0 <= now } ?? false }
            .enumerated()
            .sorted {
                ($0.element.scheduled ?? now, $0.offset) < ($1.element.scheduled ?? now, $1.offset)
            }
            .map(\.element)
    }

    /// A publication comes after all schedules whose moment had come when it was recorded: those are over then.
    mutating func publish(_ publication: PolicyPublication) {
        for proposal in begun(at: publication.time) {
            guard let index = index(of: proposal.facts.id), let moment = proposal.scheduled else { continue }
            proposals[index].state = .published
            publications.append(
                PolicyPublication(
                    id: proposal.facts.id, time: moment, actor: proposal.scheduler ?? proposal.author,
                    isRollback: false))
        }
        publications.append(publication)
    }
}

/// A policy that somebody has proposed.
package struct PolicyProposal: Hashable, Sendable {
    /// What was proposed.
    package let facts: ProposalFacts
    /// Who proposed it.
    package let author: String
    /// When.
    package let proposed: WallTime
    /// Other operators who may have been the same person then (`Registry.group(of:)`): none of them approves it.
    package var others: [String] = []
    /// What has become of it.
    package internal(set) var state = State.open
    /// Who has approved or refused it.
    package internal(set) var decider: String?
    /// When it comes into force, if somebody has asked for a moment.
    package internal(set) var scheduled: WallTime?
    /// Who has.
    package internal(set) var scheduler: String?

    /// What becomes of a proposal.
    package enum State: String, Sendable {
        /// Nobody has decided yet. Can transition to `approved` and `rejected`.
        case open
        /// Somebody else has approved it. Can transition to `scheduled`, `published` and `rejected`.
        case approved
        /// It comes into force at a moment. Can transition to `published` and `rejected`.
        case scheduled
        /// It came into force. Can be published again, as a rollback.
        case published
        /// It was refused or taken back. Final.
        case rejected
    }
}

/// That a policy came into force.
package struct PolicyPublication: Hashable, Sendable {
    /// The proposal.
    package let id: String
    /// When.
    package let time: WallTime
    /// Who did it.
    package let actor: String
    /// Whether it had been in force before.
    package let isRollback: Bool
}
