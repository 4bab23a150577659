/// Maps pairs of small integers to small integers: open addressing, one comparison per probe.
///
/// Holds the edges of the trie (node and literal to child) and its leaves (leaf and method to operation).
struct PairTable: Sendable {
    /// The pair in each slot, the left in the upper half; `PairTable.empty` for an empty slot.
    private var keys: [UInt64] = [PairTable.empty]
    /// The value in each slot.
    private var values: [Int32] = [-1]
    /// The most slots a search looks at.
    private(set) var probesMax = 0

    /// No pair: a left half of all ones is the number -1, which no node and no leaf has.
    private static let empty = UInt64.max

    /// Fills a table.
    ///
    /// - Precondition: the pairs are distinct and not negative.
    init(_ entries: [(left: Int32, right: Int32, value: Int32)]) {
        guard !entries.isEmpty else { return }
        var capacity = 2
        while capacity < entries.count * 2 { capacity *= 2 }
        keys = [UInt64](repeating: PairTable.empty, count: capacity)
        values = [Int32](repeating: -1, count: capacity)
        for entry in entries { insert(PairTable.key(entry.left, entry.right), entry.value) }
    }

    private mutating func insert(_ key: UInt64, _ value: Int32) {
        var slot = keys.firstSlot(for: key)
        var probes = 1
        while keys[slot] != PairTable.empty {
            slot = keys.slot(after: slot)
            probes += 1
        }
        keys[slot] = key
        values[slot] = value
        probesMax = max(probesMax, probes + 1)
    }

    /// The value of a pair, -1 if there is none.
    ///
    /// - Precondition: neither number is negative.
    /// - Complexity: O(probes), no allocation.
    func value(_ left: Int32, _ right: Int32) -> Int32 {
        let key = PairTable.key(left, right)
        var slot = keys.firstSlot(for: key)
        while keys[slot] != PairTable.empty {
            if keys[slot] == key { return values[slot] }
            slot = keys.slot(after: slot)
        }
        return -1
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(left)) << 32 | UInt64(UInt32(right))
    }
}
