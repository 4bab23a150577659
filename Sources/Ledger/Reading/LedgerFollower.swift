/// The entries of a ledger from some place on, without end: first those that there are, then each as it is appended.
///
/// Nothing is missed and nothing is buffered: the follower reads a page when it needs one, so a slow reader only is
/// later. It ends when the ledger is closed or the task is cancelled.
package struct LedgerFollower: AsyncSequence, AsyncIteratorProtocol {
    package typealias Element = LedgerEntry
    package typealias Failure = LedgerError

    private let store: any LedgerStore
    private let extent: LedgerExtent
    private var nextSequence: Int64
    private var page: ArraySlice<LedgerEntry> = []

    /// How many entries are read at once.
    static let pageSize = 256

    /// Begins at a place.
    init(store: any LedgerStore, extent: LedgerExtent, next: Int64) {
        self.store = store
        self.extent = extent
        nextSequence = next
    }

    /// Reads from the same place on.
    package func makeAsyncIterator() -> LedgerFollower { self }

    package mutating func next() async throws(LedgerError) -> LedgerEntry? {
        if page.isEmpty {
            let size = await extent.size(beyond: nextSequence)
            guard size > nextSequence, !Task.isCancelled else { return nil }
            let range = nextSequence..<Swift.min(size, nextSequence + Int64(LedgerFollower.pageSize))
            page = try store.entries(LedgerQuery(range: range, limit: range.count))[...]
        }
        guard let entry = page.popFirst() else { return nil }
        guard entry.sequence == nextSequence else {
            throw LedgerError(.damaged, "record \(nextSequence) is missing; run 'headgate ledger verify'")
        }
        nextSequence += 1
        return entry
    }

    package mutating func next(isolation actor: isolated (any Actor)?) async throws(LedgerError) -> LedgerEntry? {
        try await next()
    }
}
