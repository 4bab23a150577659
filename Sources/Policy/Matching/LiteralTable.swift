/// Numbers words: open addressing over 64-bit FNV-1a hashes, bytes compared in full.
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
        let start = Int(starts[number])
        guard Int(starts[number + 1]) - start == word.count else { return false }
        for index in word.indices where word[index] != pool[start + index] { return false }
        return true
    }

    /// FNV-1a (Fowler, Noll and Vo, draft-eastlake-fnv).
    private static func hash(of word: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in word.indices { hash = (hash ^ UInt64(word[index])) &* 0x100_0000_01b3 }
        return hash
    }
}
