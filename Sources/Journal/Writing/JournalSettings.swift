package import Vocabulary

/// How a journal is kept.
package struct JournalSettings: Hashable, Sendable {
    /// How many decisions may wait for the writing thread, at most: with five budgets each, some 100 MB.
    ///
    /// Plain admits may fill half of it, so that there is room for refusals when it matters.
    package var queueDepthMax = 65_536
    /// How many decisions are written in one transaction, at most.
    package var batchSizeMax = 2_000
    /// One in so many plain admits is kept: 1 keeps all, 0 none.
    ///
    /// All are counted.
    package var admitSampling: UInt64 = 100
    /// What is kept for how long.
    package var retention = JournalRetention()

    /// States the defaults.
    package init() {}
}

/// How long decisions are kept, and how much room they may take.
package struct JournalRetention: Hashable, Sendable {
    /// Older decisions are removed.
    package var ageMax: Nanoseconds = .seconds(7 * 86_400)
    /// The size the file is kept to, in bytes; the write-ahead log, normally below 8 MiB, comes on top.
    package var bytesMax: Int64 = 1 << 30

    /// States the defaults: 7 days and 1 GiB.
    package init() {}
}
