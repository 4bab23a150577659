internal import Vocabulary

extension IdempotencyTable {
    /// What is remembered of one key.
    struct Entry: Sendable {
        /// Under what.
        var name = IdempotencyName(tenant: TenantKey(bits: 0), bits: 0)
        /// Which request the key stands for.
        var fingerprint = RequestFingerprint(target: 0)
        /// What has become of it.
        var state = State.running
        /// The decision that let it run.
        var decision = DecisionID(bits: 0)
        /// When it began to run, or when that ended.
        var since = Nanoseconds.zero
        /// Which run this is, so that the end of another one is not taken for its.
        var generation: UInt32 = 0
        /// How often it was repeated.
        var repeats: Int32 = 0
        /// Whether it stands on disk as well.
        var isKept = false
        /// Bytes that it takes, as the bounds count.
        var byteCount = 0
        /// The tenant's place among the shares.
        var share: Int32 = -1
        /// Its neighbours in the list of all, and in the tenant's.
        var links = InlineArray<2, Links>(repeating: Links())
        /// The answer; `nil`: there is none, or none is kept.
        var answer: StoredAnswer?
        /// Who waits for the answer, in the order in which they came.
        var waiters: [Waiter] = []
    }

    /// What has become of a request.
    enum State: UInt8, Sendable {
        /// It runs.
        ///
        /// Can transition to all the others, and can be forgotten.
        case running
        /// It was answered, or where only charges are remembered, charged.
        ///
        /// Can be forgotten.
        case completed
        /// It was charged and ended without an answer that is kept; it may run again.
        ///
        /// Can transition to `running`, and can be forgotten.
        case abandoned
        /// It ran when the process before ended.
        ///
        /// Can transition to `running`, if the policy says so, and can be forgotten.
        case interrupted
    }

    /// The neighbours in a list; -1: none.
    struct Links: Sendable {
        /// The one that finished before.
        var older: Int32 = -1
        /// The one that finished afterwards.
        var newer: Int32 = -1
    }

    /// Both ends of a list of entries; -1: it is empty.
    struct EntryList: Sendable {
        /// The one that finished first.
        var oldest: Int32 = -1
        /// The one that finished last.
        var newest: Int32 = -1
    }

    /// What one tenant has.
    struct Share: Sendable {
        /// Entries.
        var count = 0
        /// Their bytes.
        var byteCount = 0
        /// Those that are finished, oldest first.
        var finished = EntryList()
    }

    /// Somebody who waits for the answer of a request.
    struct Waiter: Sendable {
        /// What the caller calls it.
        var id: UInt64
        /// The decision that lets it run should the first one fail.
        var decision: DecisionID
    }
}
