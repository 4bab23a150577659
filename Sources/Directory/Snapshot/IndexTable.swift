/// Finds indices by hash: open addressing with linear probing, in segments of some hundred entries.
///
/// A slot holds 32 bits of the hash and an index plus one; 0 is free. At most five of eight slots are taken, so a
/// search looks at one or two of them, which mostly share a cache line. What the table indexes stands elsewhere: the
/// caller compares in full.
///
/// Copies share the segments that none of them has changed, so that a new version of a directory does not copy the
/// whole table. The highest of the 32 bits choose the segment, the lowest ones the slot in it; so a table can grow
/// without asking anybody for hashes again.
struct IndexTable: Sendable {
    private var segments: [Segment]
    /// How many bits choose the segment.
    private var segmentBits: UInt64
    private var count = 0

    fileprivate struct Segment {
        var slots: [UInt64] = [0, 0]
        var count = 0
    }

    /// The entries of a segment for which a table is laid out.
    private static let segmentCount = 256
    /// How many times as many entries a segment may have before the table gets more segments.
    private static let crowding = 4
    /// 2²⁰ segments hold more entries than an index of 32 bits counts; the other 12 bits tell slots apart.
    private static let segmentBitsMax: UInt64 = 20

    /// Makes room for a number of entries.
    ///
    /// - Precondition: `count` is below 2³¹.
    init(count: Int) {
        precondition(count >= 0 && count < 1 << 31, "a table indexes at most 2^31 things (asked for \(count))")
        var bits: UInt64 = 0
        while bits < IndexTable.segmentBitsMax, count > IndexTable.segmentCount << bits { bits += 1 }
        segmentBits = bits
        segments = Array(repeating: Segment(), count: 1 << bits)
    }

    /// Enters an index under a hash.
    ///
    /// The caller has made sure that what the index stands for is not there yet.
    ///
    /// - Complexity: O(1) amortized.
    mutating func insert(_ index: Int, hash: UInt64) {
        if count >= segments.count * IndexTable.segmentCount * IndexTable.crowding { grow() }
        insert(entry: (hash >> 32) << 32 | UInt64(index + 1))
    }

    /// Takes an index out that was entered under a hash.
    ///
    /// Entries behind it move up, so that no search ends at the free slot.
    ///
    /// - Complexity: O(1), O(segment) if its segment is shared.
    mutating func remove(_ index: Int, hash: UInt64) {
        let segment = segmentIndex(of: hash >> 32)
        if segments[segment].remove(check: hash >> 32, index: index) { count -= 1 }
    }

    /// The index that was entered under a hash and that the caller recognises.
    ///
    /// - Complexity: O(1), no allocation.
    @inline(__always)  // a part of every request with a key
    func firstIndex(hash: UInt64, where isMatch: (Int) -> Bool) -> Int? {
        let check = hash >> 32
        let slots = segments[segmentIndex(of: check)].slots
        let mask = slots.count - 1
        var slot = Int(check) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return nil }
            if entry >> 32 == check {
                let index = Int(entry & 0xFFFF_FFFF) - 1
                if isMatch(index) { return index }
            }
            slot = (slot + 1) & mask
        }
    }

    private func segmentIndex(of check: UInt64) -> Int { Int(check &>> (32 &- segmentBits)) }

    private mutating func insert(entry: UInt64) {
        segments[segmentIndex(of: entry >> 32)].insert(entry)
        count += 1
    }

    /// Spreads the entries over four times as many segments.
    private mutating func grow() {
        guard segmentBits < IndexTable.segmentBitsMax else { return }
        let old = segments
        segmentBits = min(segmentBits + 2, IndexTable.segmentBitsMax)
        segments = Array(repeating: Segment(), count: 1 << segmentBits)
        count = 0
        for segment in old {
            for entry in segment.slots where entry != 0 { insert(entry: entry) }
        }
    }
}

extension IndexTable.Segment {
    /// Enters an entry, and doubles the slots before they become too full.
    mutating func insert(_ entry: UInt64) {
        if (count + 1) * 8 > slots.count * 5 {
            let old = slots
            slots = [UInt64](repeating: 0, count: old.count * 2)
            for entry in old where entry != 0 { place(entry) }
        }
        place(entry)
        count += 1
    }

    private mutating func place(_ entry: UInt64) {
        let mask = slots.count - 1
        var slot = Int(entry >> 32) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = entry
    }

    /// Frees the slot of an entry.
    ///
    /// Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithm R: an entry behind the gap moves into
    /// it unless its own place lies behind the gap.
    ///
    /// - Returns: whether there was such an entry.
    mutating func remove(check: UInt64, index: Int) -> Bool {
        let mask = slots.count - 1
        var gap = Int(check) & mask
        while slots[gap] != check << 32 | UInt64(index + 1) {
            if slots[gap] == 0 { return false }
            gap = (gap + 1) & mask
        }
        var next = (gap + 1) & mask
        while slots[next] != 0 {
            let home = Int(slots[next] >> 32) & mask
            if (next - home) & mask >= (next - gap) & mask {
                slots[gap] = slots[next]
                gap = next
            }
            next = (next + 1) & mask
        }
        slots[gap] = 0
        count -= 1
        return true
    }
}
