internal import Vocabulary

/// The tenants of one shard: an open-addressing index over runs of words in an arena.
///
/// The index holds eight bytes per entry: half of the hash, which rejects strangers without a second cache miss, and
/// where the tenant's words lie. The full 128-bit key stands there and is compared in full. Keys are keyed hashes
/// already, so their bits are used as they are. Load stays at or below ¾; removal shifts the run back, so there are no
/// tombstones.
struct TenantTable: ~Copyable {
    /// How many tenants there are.
    private(set) var count = 0
    private var entries = [Entry](repeating: .empty, count: 16)
    private var arena = Arena()
    /// Where the search for idle tenants goes on.
    private var sweepPosition = 0

    /// One slot of the index: a tag in the upper half, an offset in the lower.
    private struct Entry {
        var word: UInt64
        static let empty = Entry(word: 0)

        init(word: UInt64) { self.word = word }
        init(tag: UInt32, offset: UInt32) { word = UInt64(tag) << 32 | UInt64(offset) }

        var isEmpty: Bool { word == 0 }
        var tag: UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
        var offset: UInt32 { UInt32(truncatingIfNeeded: word) }
    }

    /// Finds where a tenant's words lie.
    ///
    /// - Complexity: O(1) expected, no allocation.
    func find(_ key: TenantKey) -> UInt32? {
        slot(of: key).map { entries[$0].offset }
    }

    private func slot(of key: TenantKey) -> Int? {
        let mask = entries.count - 1
        let tag = TenantTable.tag(of: key)
        var slot = TenantTable.home(of: key) & mask
        while !entries[slot].isEmpty {
            if entries[slot].tag == tag, self.key(at: entries[slot].offset) == key { return slot }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Runs the body on a tenant's words.
    @inline(__always)  // the closure is the body of a decision
    func withNode<Result>(_ offset: UInt32, length: Int, _ body: (inout MutableSpan<Int64>) -> Result) -> Result {
        arena.withRun(offset, length: length, body)
    }

    /// The header of the tenant at an offset.
    func header(at offset: UInt32) -> NodeHeader { NodeHeader(word: arena.word(offset, NodeHeader.index)) }

    /// The key of the tenant at an offset.
    func key(at offset: UInt32) -> TenantKey {
        let low = UInt128(UInt64(bitPattern: arena.word(offset, 0)))
        return TenantKey(bits: UInt128(UInt64(bitPattern: arena.word(offset, 1))) << 64 | low)
    }

    /// Adds a tenant; the words behind its key and header are undefined.
    ///
    /// - Precondition: the tenant is not in the table.
    /// - Returns: where its words lie; `nil` when memory can be addressed no further.
    /// - Complexity: O(1) amortised.
    mutating func insert(_ key: TenantKey, plan: Int, length: Int) -> UInt32? {
        guard let offset = arena.take(length: length) else { return nil }
        if (count + 1) * 4 > entries.count * 3 { resize(to: entries.count * 2) }
        write(key, plan: plan, at: offset)
        place(Entry(tag: TenantTable.tag(of: key), offset: offset), home: TenantTable.home(of: key))
        count += 1
        return offset
    }

    /// Takes a tenant out.
    mutating func remove(_ key: TenantKey, length: Int) {
        guard let slot = slot(of: key) else { return }
        arena.give(back: entries[slot].offset, length: length)
        closeGap(at: slot)
        // What moved into the gap has not been looked at yet.
        if slot == sweepPosition { sweepPosition = (slot - 1) & (entries.count - 1) }
        count -= 1
    }

    /// Gives a tenant a run of another length; the words behind its key and header are undefined.
    ///
    /// - Returns: where the new run lies, while the old one is still there to be read; `nil` when there is no room.
    mutating func replace(_ key: TenantKey, plan: Int, length: Int) -> UInt32? {
        guard let slot = slot(of: key), let offset = arena.take(length: length) else { return nil }
        write(key, plan: plan, at: offset)
        entries[slot] = Entry(tag: TenantTable.tag(of: key), offset: offset)
        return offset
    }

    /// Gives back a run that `replace` has left behind.
    mutating func release(_ offset: UInt32, length: Int) { arena.give(back: offset, length: length) }

    /// Runs the body on a run of words that no tenant has; `nil` when there is no room.
    mutating func withScratch<Result>(
        plan: Int, length: Int, _ body: (inout MutableSpan<Int64>) -> Result
    ) -> Result? {
        guard let offset = arena.take(length: length) else { return nil }
        defer { arena.give(back: offset, length: length) }
        return arena.withRun(offset, length: length) { words in
            words[NodeHeader.index] = NodeHeader(plan: plan).word
            return body(&words)
        }
    }

    private func write(_ key: TenantKey, plan: Int, at offset: UInt32) {
        arena.withRun(offset, length: NodeHeader.index + 1) { words in
            words[0] = Int64(bitPattern: UInt64(truncatingIfNeeded: key.bits))
            words[1] = Int64(bitPattern: UInt64(truncatingIfNeeded: key.bits >> 64))
            words[NodeHeader.index] = NodeHeader(plan: plan).word
        }
    }

    private mutating func closeGap(at removed: Int) {
        let mask = entries.count - 1
        var gap = removed
        var slot = (gap + 1) & mask
        while !entries[slot].isEmpty {
            let home = TenantTable.home(of: key(at: entries[slot].offset)) & mask
            if (slot - home) & mask >= (slot - gap) & mask {
                entries[gap] = entries[slot]
                gap = slot
            }
            slot = (slot + 1) & mask
        }
        entries[gap] = .empty
    }

    private mutating func place(_ entry: Entry, home: Int) {
        let mask = entries.count - 1
        var slot = home & mask
        while !entries[slot].isEmpty { slot = (slot + 1) & mask }
        entries[slot] = entry
    }

    private mutating func resize(to capacity: Int) {
        let old = entries
        entries = [Entry](repeating: .empty, count: capacity)
        for entry in old where !entry.isEmpty { place(entry, home: TenantTable.home(of: key(at: entry.offset))) }
    }

    /// Half of the hash; never zero, so no used entry looks empty.
    private static func tag(of key: TenantKey) -> UInt32 { UInt32(truncatingIfNeeded: key.bits >> 96) | 1 }
    private static func home(of key: TenantKey) -> Int { Int(truncatingIfNeeded: key.bits) & .max }

    /// Bytes held by the index and the arena.
    var byteCount: Int { entries.capacity * MemoryLayout<Entry>.stride + arena.byteCount }

    /// The next tenant in the order of the index, starting over at its end; `nil` if this slot is empty.
    mutating func nextInSweep() -> UInt32? {
        sweepPosition = (sweepPosition + 1) & (entries.count - 1)
        return entries[sweepPosition].isEmpty ? nil : entries[sweepPosition].offset
    }

    /// How many slots a full sweep looks at.
    var slotCount: Int { entries.count }

    /// Where every tenant's words lie, in no order.
    var offsets: [UInt32] { entries.filter { !$0.isEmpty }.map(\.offset) }
}
