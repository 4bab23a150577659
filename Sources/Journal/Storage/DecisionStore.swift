package import Vocabulary

/// Where decisions are kept.
///
/// Lives on the writing thread; may take its time there.
///
/// A seam: the journal's file behind it, or in tests a store that stalls or breaks on purpose.
package protocol DecisionStore: AnyObject {
    /// Keeps a batch, all of it or nothing.
    func write(_ batch: JournalBatch) throws(StoreFailure)

    /// Removes some of what is too old or too much, in a step short enough to stand between two batches.
    func prune(to retention: JournalRetention, at wall: WallTime) throws(StoreFailure) -> PruneReport

    /// Lets go of the file.
    func close()
}

/// The place of a store: opens it, and clears the place when what stands there is beyond use.
package protocol DecisionStorage {
    /// Opens the store, making it if need be.
    func open() throws(StoreFailure) -> any DecisionStore

    /// Moves what stands there out of the way, so that `open` finds the place empty.
    ///
    /// Deletes nothing.
    ///
    /// - Returns: where it was moved; `nil` when nothing stood there.
    func moveAside(at wall: WallTime) throws(StoreFailure) -> String?
}

/// What is written in one transaction.
package struct JournalBatch: Sendable {
    /// Decisions in the order they were recorded.
    package var records: [DecisionRecord] = []
    /// What happened since the last batch, whether or not it is kept.
    package var tallies: [TallyKey: TallyCount] = [:]
    /// Policies that were put into force.
    package var policies: [RecordedPolicy] = []

    /// Whether there is nothing to write.
    package var isEmpty: Bool { records.isEmpty && tallies.isEmpty && policies.isEmpty }

    /// Makes an empty batch.
    package init() {}
}

/// What one step of retention removed.
package struct PruneReport: Hashable, Sendable {
    /// Decisions that had become too old.
    package var removedByAge = 0
    /// Decisions that had to make room.
    package var removedByBytes = 0
    /// Whether another step has work to do.
    package var hasMore = false

    /// Reports that there was nothing to do.
    package init() {}
}

/// What is counted together: one minute, one class, one way to end.
package struct TallyKey: Hashable, Sendable {
    /// Minutes since 1970.
    package var minute: Int64
    /// The class's name; `nil` where the request had none.
    package var trafficClass: String?
    /// What happened.
    package var outcome: Outcome
    /// Why.
    package var reason: Reason
    /// Why enforcement would have refused it, where it would have.
    package var wouldBe: Reason?

    /// The key under which a decision is counted.
    package init(_ heading: DecisionHeading) {
        minute = heading.id.wall.minute
        trafficClass = heading.trafficClass
        outcome = heading.outcome
        reason = heading.reason
        wouldBe = heading.wouldBe
    }

    /// Whether a decision is counted under this key.
    ///
    /// The names come first: those of one policy are the same text in the same place, which is compared at once.
    func isOf(_ heading: DecisionHeading) -> Bool {
        guard trafficClass == heading.trafficClass, minute == heading.id.wall.minute else { return false }
        return outcome.rawValue == heading.outcome.rawValue && reason.rawValue == heading.reason.rawValue
            && wouldBe?.rawValue == heading.wouldBe?.rawValue
    }
}

/// How many decisions there were.
package struct TallyCount: Hashable, Sendable {
    /// All of them: kept, left out by sampling, and dropped.
    package var decisions: Int64 = 0
    /// Those that should have been kept and were not.
    package var dropped: Int64 = 0

    /// Starts at nothing.
    package init() {}

    /// Counts one decision; one that was counted before and is dropped now is not new.
    mutating func add(isDropped: Bool, isNew: Bool) {
        decisions += isNew ? 1 : 0
        dropped += isDropped ? 1 : 0
    }

    /// Adds another count.
    mutating func add(_ other: TallyCount) {
        decisions += other.decisions
        dropped += other.dropped
    }
}

/// A policy version as the journal remembers it.
package struct RecordedPolicy: Hashable, Sendable {
    /// The version, as `PolicyVersion.description` writes it.
    package let version: String
    /// The policy's name.
    package let name: String
    /// What the policy says, in the words of whoever recorded it.
    package let summary: String
    /// When it was first recorded.
    package let recorded: WallTime

    /// States what a version is.
    package init(version: String, name: String, summary: String, recorded: WallTime) {
        self.version = version
        self.name = name
        self.summary = summary
        self.recorded = recorded
    }
}

extension WallTime {
    /// Minutes since 1970.
    var minute: Int64 { milliseconds.flooredQuotient(60_000) }
}
