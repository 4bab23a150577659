internal import Vocabulary

/// The tenants of one shard: an index over runs of words in an arena.
///
/// The full 128-bit key stands in the run and is compared in full. Keys are keyed hashes already, so their bits are
/// used as they are.
struct TenantTable: ~Copyable {
    private var index = TenantIndex()
    private var arena = Arena()

    /// How many tenants there are.
    var count: Int { index.count }

    /// Finds where a tenant's words lie.
    ///
    /// - Complexity: O(1) expected, no allocation.
    @inline(__always)  // the first step of every decision
    func find(_ key: TenantKey) -> UInt32? { place(of: key)?.offset }

    @inline(__always)
    private func place(of key: TenantKey) -> TenantIndex.Place? {
        let (low, high) = (key.lowWord, key.highWord)
        return index.find(TenantTable.tag(of: key)) { offset in arena.begins(offset, with: low, high) }
    }

    /// Runs the body on a tenant's words.
    @inline(__always)  // the closure is the body of a decision
    func withNode<Result>(_ offset: UInt32, length: Int, _ body: (inout MutableSpan<Int64>) -> Result) -> Result {
        arena.withRun(offset, length: length, body)
    }

    /// The header of the tenant at an offset.
    @inline(__always)
    func header(at offset: UInt32) -> NodeHeader { NodeHeader(word: arena.word(offset, NodeHeader.index)) }

    /// Writes the header of the tenant at an offset.
    func set(_ header: NodeHeader, at offset: UInt32) {
        arena.withRun(offset, length: NodeHeader.index + 1) { $0[NodeHeader.index] = header.word }
    }

    /// The key of the tenant at an offset.
    func key(at offset: UInt32) -> TenantKey {
        let low = UInt128(UInt64(bitPattern: arena.word(offset, 0)))
        return TenantKey(bits: UInt128(UInt64(bitPattern: arena.word(offset, 1))) << 64 | low)
    }

    /// Adds a tenant; the words behind its key and header are undefined.
    ///
    /// - Precondition: the tenant is not in the table.
    /// - Returns: where its words lie; `nil` when memory can be addressed no further.
    /// - Complexity: O(1).
    mutating func insert(_ key: TenantKey, _ header: NodeHeader, length: Int) -> UInt32? {
        guard let offset = arena.take(length: length) else { return nil }
        write(key, header, at: offset)
        index.insert(TenantTable.tag(of: key), offset: offset)
        return offset
    }

    /// Takes a tenant out.
    mutating func remove(_ key: TenantKey, length: Int) {
        guard let place = place(of: key) else { return }
        arena.give(back: place.offset, length: length)
        index.remove(place)
    }

    /// Gives a tenant a run of another length; the words behind its key and header are undefined.
    ///
    /// - Returns: where the new run lies, while the old one is still there to be read; `nil` when there is no room.
    mutating func replace(_ key: TenantKey, _ header: NodeHeader, length: Int) -> UInt32? {
        guard let place = place(of: key), let offset = arena.take(length: length) else { return nil }
        write(key, header, at: offset)
        index.move(place, to: offset)
        return offset
    }

    /// Gives back a run that `replace` has left behind.
    mutating func release(_ offset: UInt32, length: Int) { arena.give(back: offset, length: length) }

    /// Runs the body on a run of words that no tenant has; `nil` when there is no room.
    mutating func withScratch<Result>(
        _ header: NodeHeader, length: Int, _ body: (inout MutableSpan<Int64>) -> Result
    ) -> Result? {
        guard let offset = arena.take(length: length) else { return nil }
        defer { arena.give(back: offset, length: length) }
        return arena.withRun(offset, length: length) { words in
            words[NodeHeader.index] = header.word
            return body(&words)
        }
    }

    private func write(_ key: TenantKey, _ header: NodeHeader, at offset: UInt32) {
        arena.withRun(offset, length: NodeHeader.index + 1) { words in
            words[0] = key.lowWord
            words[1] = key.highWord
            words[NodeHeader.index] = header.word
        }
    }

    /// Half of the hash; odd, so no entry looks empty.
    ///
    /// The shard is chosen by other bits.
    @inline(__always)
    private static func tag(of key: TenantKey) -> UInt32 { UInt32(truncatingIfNeeded: key.bits >> 96) | 1 }

    /// Bytes held by the index and the arena.
    var byteCount: Int { index.byteCount + arena.byteCount }

    /// The next tenant on an endless walk over all of them; `nil` where there is none.
    mutating func next() -> UInt32? { index.next() }

    /// How many steps of a walk lead past all tenants.
    var walkLength: Int { index.walkLength }
}

extension TenantKey {
    /// The lower half, as it stands in a run.
    @inline(__always)
    fileprivate var lowWord: Int64 { Int64(bitPattern: UInt64(truncatingIfNeeded: bits)) }
    /// The upper half, as it stands in a run.
    @inline(__always)
    fileprivate var highWord: Int64 { Int64(bitPattern: UInt64(truncatingIfNeeded: bits >> 64)) }
}
