package import Vocabulary

/// What a journal has done since it was opened.
///
/// At every instant `recorded` = `sampledOut` + `written` + all of `dropped` + `queueDepth`.
package struct JournalStatistics: Hashable, Sendable {
    /// Decisions that were handed over.
    package var recorded: Int64 = 0
    /// Plain admits that sampling left out; counted, not kept.
    package var sampledOut: Int64 = 0
    /// Decisions that are committed.
    package var written: Int64 = 0
    /// Decisions that should have been kept and were not, by what happened to the request.
    package var dropped: [Outcome: Int64] = [:]
    /// Decisions missing in the journal's counts, because the counts themselves could not be written for hours.
    package var uncounted: Int64 = 0
    /// Failed attempts to write or to tidy up.
    package var writeErrors: Int64 = 0
    /// Decisions that wait for the writing thread, those it is just writing included.
    package var queueDepth = 0
    /// When the last transaction was committed.
    package var lastCommit: WallTime?
    /// Decisions that retention removed for their age.
    package var removedByAge: Int64 = 0
    /// Decisions that retention removed to make room.
    package var removedByBytes: Int64 = 0

    /// Starts at nothing.
    package init() {}
}
