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

    /// What is in force at a moment: the last that was published and has not ended; `nil` if there was none.
    ///
    /// Whether something has begun or ended is asked here and now: a scheduled policy needs no sweeper either, it comes
    /// into force when its moment has come.
    package func current(at now: WallTime) -> PolicyProposal? {
        timeline.last { $0.from <= now && $0.until.map { now < $0 } ?? true }?.proposal
    }

    /// The next moment after a given one at which another policy may be in force.
    package func nextChange(after now: WallTime) -> WallTime? {
        timeline.flatMap { [$0.from, $0.until].compactMap { $0 } }.filter { now < $0 }.min()
    }

    /// What was published and what is scheduled, in the order in which it comes into force.
    private var timeline: [(from: WallTime, until: WallTime?, proposal: PolicyProposal)] {
        let published = publications.compactMap { publication in
            proposal(publication.id).map { (publication.time, $0.facts.expires?.moment, $0) }
        }
        let scheduled = proposals.compactMap { proposal in
            proposal.state == .scheduled
                ? proposal.scheduled.map { ($0, proposal.facts.expires?.moment, proposal) } : nil
        }
        return (published + scheduled).enumerated()
            .sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
            .map { (from: $0.element.0, until: $0.element.1, proposal: $0.element.2) }
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
    /// When it comes into force, if that is settled.
    package internal(set) var scheduled: WallTime?

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
