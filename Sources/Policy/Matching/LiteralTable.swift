/// Numbers words: open addressing over 64-bit hashes, bytes compared in full.
///
/// The table is fixed once built, so a stranger who knows the hash can at most choose which of the existing runs his
/// words probe; `probesMax` says how long the longest is.
struct LiteralTable: Sendable {
    /// The number of the word in each slot, -1 for an empty slot; a power of two, at most half full.
    private var slots: [Int32] = [-1]
    /// The hash of each word, by number.
    private var hashes: [UInt64] = []
    /// Where each word begins in `pool`, by number, and where the last one ends.
    private var starts: [Int32] = [0]
    /// The words, one after another.
    private var pool: [UInt8] = []
    /// The most slots a search looks at.
    private(set) var probesMax = 0

    /// Numbers words in the order given, from 0.
    ///
    /// - Precondition: the words are distinct, and folded if what is looked up is.
    init(_ words: [String]) {
        guard !words.isEmpty else { return }
        var capacity = 2
        while capacity < words.count * 2 { capacity *= 2 }
        slots = [Int32](repeating: -1, count: capacity)
        for (number, word) in words.enumerated() { insert(Array(word.utf8), number: Int32(number)) }
    }

    private mutating func insert(_ word: [UInt8], number: Int32) {
        let hash = LiteralTable.hash(of: word.span)
        hashes.append(hash)
        pool.append(contentsOf: word)
        starts.append(Int32(pool.count))
        var slot = slots.firstSlot(for: hash)
        var probes = 1
        while slots[slot] >= 0 {
            slot = slots.slot(after: slot)
            probes += 1
        }
        slots[slot] = number
        probesMax = max(probesMax, probes + 1)
    }

    /// The number of a word, -1 if the table does not know it.
    ///
    /// - Complexity: O(bytes + probes), no allocation.
    func number(of word: Span<UInt8>) -> Int32 {
        let hash = LiteralTable.hash(of: word)
        var slot = slots.firstSlot(for: hash)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if hashes[number] == hash, isEqual(word, toWord: number) { return Int32(number) }
            slot = slots.slot(after: slot)
        }
        return -1
    }

    private func isEqual(_ word: Span<UInt8>, toWord number: Int) -> Bool {
        let (start, end) = (Int(starts[number]), Int(starts[number + 1]))
        guard end - start == word.count else { return false }
        return word.isEqual(to: pool.span.extracting(start..<end))
    }

    /// FNV-1a (Fowler, Noll and Vo, draft-eastlake-fnv), eight bytes at a time; the shift lets the upper ones of a word
    /// reach the bits below them.
    private static func hash(of word: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(word.count)
        word.forEachWord {
            hash = (hash ^ $0) &* 0x100_0000_01b3
            hash ^= hash >> 32
        }
        return hash
    }
}

extension Span where Element == UInt8 {
    /// Calls back with the bytes, eight at a time; the last word may overlap the one before it.
    @inline(__always)  // so that the closure is no call
    fileprivate func forEachWord(_ body: (UInt64) -> Void) {
        var index = 0
        while index + 8 <= count {
            body(word(at: index))
            index += 8
        }
        if index < count { body(lastWord) }
    }

    /// Whether two runs of the same length hold the same bytes.
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        var index = 0
        while index + 8 <= count {
            guard word(at: index) == other.word(at: index) else { return false }
            index += 8
        }
        return lastWord == other.lastWord
    }

    /// The last eight bytes, or all of fewer with zeros behind them.
    @inline(__always)
    private var lastWord: UInt64 {
        count >= 8 ? word(at: count - 8) : indices.reversed().reduce(0) { $0 << 8 | UInt64(self[$1]) }
    }

    /// Eight bytes, the first in the lowest place.
    @inline(__always)
    private func word(at index: Int) -> UInt64 {
        // SAFETY: any eight bytes are an integer, and the span checks that they are its own.
        UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
}
