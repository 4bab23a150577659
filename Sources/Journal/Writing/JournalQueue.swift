internal import Vocabulary

/// What waits for the writing thread, bounded, and the counts of everything that happened.
///
/// A value without locks or threads; `JournalWriter` guards one. Records lie in chunks, so that growing copies a chunk
/// at most and taking them out moves references only.
struct JournalQueue {
    /// What has happened so far.
    private(set) var statistics = JournalStatistics()
    private let settings: JournalSettings
    private let chunkSize: Int
    private var chunks: [[DecisionRecord]] = []
    private var waiting = 0
    /// All counts; those that stand in `recent` are behind by what stands there.
    private var tallies: [TallyKey: TallyCount] = [:]
    private var recent = RecentTallies()
    private var policies: [RecordedPolicy] = []

    /// Records in a chunk; some 100 KB.
    private static let chunkSizeMax = 250
    /// Counts that may wait: with 50 ways to end per minute, more than five hours without a disk.
    static let tallyCountMax = 16_384
    /// Policies that may wait.
    static let policyCountMax = 256

    /// Starts empty.
    init(settings: JournalSettings) {
        self.settings = settings
        chunkSize = max(1, min(JournalQueue.chunkSizeMax, settings.batchSizeMax))
    }

    /// Counts a decision and, if its record is wanted, reserves room for it.
    ///
    /// - Returns: whether `append` must follow.
    /// - Complexity: O(1).
    mutating func reserve(_ heading: DecisionHeading) -> Bool {
        statistics.recorded += 1
        let isPlain = heading.isPlainAdmit
        if isPlain, !DecisionHeading.isSampled(heading.id, oneIn: settings.admitSampling) {
            statistics.sampledOut += 1
            tally(heading, isDropped: false)
            return false
        }
        let depthMax = isPlain ? settings.queueDepthMax / 2 : settings.queueDepthMax
        let isDropped = statistics.queueDepth >= depthMax
        tally(heading, isDropped: isDropped)
        if isDropped {
            statistics.dropped[heading.outcome, default: 0] += 1
        } else {
            statistics.queueDepth += 1
        }
        return !isDropped
    }

    /// Adds a record for which room was reserved.
    ///
    /// - Returns: whether a batch has just become full, so that the writing thread should wake up.
    /// - Complexity: O(1), amortized over a chunk.
    mutating func append(_ record: DecisionRecord) -> Bool {
        if chunks.last.map({ $0.count == chunkSize }) ?? true {
            chunks.append([])
            chunks[chunks.count - 1].reserveCapacity(chunkSize)
        }
        chunks[chunks.count - 1].append(record)
        waiting += 1
        return waiting == settings.batchSizeMax
    }

    /// Adds a policy to be remembered; of very many that cannot be written, the oldest gives way.
    mutating func append(_ policy: RecordedPolicy) {
        if policies.count == JournalQueue.policyCountMax { policies.removeFirst() }
        policies.append(policy)
    }

    /// Takes the oldest records, at most a batch, and all counts; they stay in `queueDepth` until they are settled.
    ///
    /// - Complexity: O(chunks).
    mutating func take() -> JournalBatch {
        var batch = JournalBatch()
        var taken = 0
        while taken < chunks.count, batch.records.count + chunks[taken].count <= settings.batchSizeMax || taken == 0 {
            batch.records += chunks[taken]
            taken += 1
        }
        chunks.removeFirst(taken)
        waiting -= batch.records.count
        for (key, count) in recent.takeAll() { tallies[key, default: TallyCount()].add(count) }
        swap(&batch.tallies, &tallies)
        swap(&batch.policies, &policies)
        return batch
    }

    /// Notes that a batch is committed.
    mutating func settleWritten(_ count: Int, at wall: WallTime) {
        statistics.queueDepth -= count
        statistics.written += Int64(count)
        statistics.lastCommit = wall
    }

    /// Notes that records are given up.
    mutating func settleDropped(_ records: [DecisionRecord]) {
        statistics.queueDepth -= records.count
        for record in records {
            statistics.dropped[record.outcome, default: 0] += 1
            tally(record.heading, isDropped: true, isNew: false)
        }
    }

    /// Notes a failed attempt.
    mutating func noteFailure() { statistics.writeErrors += 1 }

    /// Notes what retention did.
    mutating func note(_ report: PruneReport) {
        statistics.removedByAge += Int64(report.removedByAge)
        statistics.removedByBytes += Int64(report.removedByBytes)
    }

    private mutating func tally(_ heading: DecisionHeading, isDropped: Bool, isNew: Bool = true) {
        guard !recent.add(heading, isDropped: isDropped, isNew: isNew) else { return }
        let key = TallyKey(heading)
        guard tallies.count < JournalQueue.tallyCountMax || tallies[key] != nil else {
            statistics.uncounted += isNew ? 1 : 0
            return
        }
        tallies[key, default: TallyCount()].add(isDropped: isDropped, isNew: isNew)
        if let (former, count) = recent.begin(key, at: RecentTallies.place(of: heading)) { tallies[former]?.add(count) }
    }
}
