/// Which entries are wanted; every condition has to hold.
package struct LedgerQuery: Hashable, Sendable {
    /// The sequence numbers.
    package var range: Range<Int64>
    /// The stream.
    package var stream: String?
    /// Who did it.
    package var actor: String?
    /// What happened.
    package var type: String?
    /// Bytes that stand somewhere in the record, as they are.
    package var text: String?
    /// Whether the newest come first.
    package var isNewestFirst: Bool
    /// The most entries.
    package var limit: Int

    /// How often time may have been set back so that moments before all of that are found, too.
    static let setBackCountMax = 10_000

    /// Asks for everything in a range, oldest first.
    package init(range: Range<Int64> = 0..<Int64.max, limit: Int, isNewestFirst: Bool = false) {
        self.range = range
        self.limit = limit
        self.isNewestFirst = isNewestFirst
    }
}
