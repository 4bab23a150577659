/// Finds indices by hash: open addressing with linear probing in one flat array.
///
/// A slot holds 32 bits of the hash and an index plus one; 0 is free. At most half of the slots are taken, so a search
/// looks at one or two of them, which mostly share a cache line. The table is filled once and then only read. What it
/// indexes stands elsewhere: the caller compares in full.
struct IndexTable: Sendable {
    private var slots: [UInt64]
    private let mask: UInt64

    /// Makes room for a number of entries.
    ///
    /// - Precondition: `count` is below 2³¹.
    init(count: Int) {
        precondition(count >= 0 && count < 1 << 31, "a table indexes at most 2^31 things (asked for \(count))")
        var slotCount = 2
        while slotCount < count * 2 { slotCount *= 2 }
        slots = [UInt64](repeating: 0, count: slotCount)
        mask = UInt64(slotCount - 1)
    }

    /// Enters an index under a hash.
    ///
    /// The caller has made sure that what the index stands for is not there yet.
    ///
    /// - Complexity: O(1) as long as no more entries come than were announced.
    mutating func insert(_ index: Int, hash: UInt64) {
        var slot = hash & mask
        while slots[Int(slot)] != 0 { slot = (slot + 1) & mask }
        slots[Int(slot)] = (hash >> 32) << 32 | UInt64(index + 1)
    }

    /// The index that was entered under a hash and that the caller recognises.
    ///
    /// - Complexity: O(1), no allocation.
    func firstIndex(hash: UInt64, where isMatch: (Int) -> Bool) -> Int? {
        var slot = hash & mask
        while true {
            let entry = slots[Int(slot)]
            if entry == 0 { return nil }
            if entry >> 32 == hash >> 32 {
                let index = Int(entry & 0xFFFF_FFFF) - 1
                if isMatch(index) { return index }
            }
            slot = (slot + 1) & mask
        }
    }
}
