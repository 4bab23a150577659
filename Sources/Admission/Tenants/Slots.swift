/// The slots of a hash index with open addressing: a tag in the upper half of each word, an offset in the lower; 0:
/// empty.
///
/// The home of an entry follows from its tag, so entries are moved without a look at the tenants they lead to.
@safe
struct Slots: ~Copyable, @unchecked Sendable {
    // SAFETY: the words belong to this value alone, which cannot be copied; they are initialised when allocated and
    // freed in deinit. Every access is masked to the capacity, a power of two.
    private let words: UnsafeMutablePointer<UInt64>
    /// The number of slots less one.
    let mask: Int

    /// Empty slots.
    ///
    /// - Precondition: `capacity` is a power of two.
    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a power of two (is \(capacity))")
        mask = capacity - 1
        unsafe words = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        unsafe words.initialize(repeating: 0, count: capacity)
    }

    deinit { unsafe words.deallocate() }

    /// How many slots there are.
    var capacity: Int { mask + 1 }

    /// The word of a slot, counted round.
    @inline(__always)  // once per slot that a search looks at
    subscript(slot: Int) -> UInt64 {
        get { unsafe words[slot & mask] }
        nonmutating set { unsafe words[slot & mask] = newValue }
    }

    /// Where the search for a tag begins.
    @inline(__always)
    func home(of tag: UInt32) -> Int { Int(tag >> 1) & mask }

    /// Puts an entry into the first free slot from its home on.
    func place(_ word: UInt64) {
        var slot = home(of: Slots.tag(of: word))
        while self[slot] != 0 { slot = (slot + 1) & mask }
        self[slot] = word
    }

    /// Empties a slot and closes the gap: entries behind it that would not be found any more move up.
    func remove(at removed: Int) {
        var gap = removed & mask
        var slot = (gap + 1) & mask
        while self[slot] != 0 {
            if (slot - home(of: Slots.tag(of: self[slot]))) & mask >= (slot - gap) & mask {
                self[gap] = self[slot]
                gap = slot
            }
            slot = (slot + 1) & mask
        }
        self[gap] = 0
    }

    /// The tag of an entry.
    @inline(__always)
    static func tag(of word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
    /// The offset of an entry.
    @inline(__always)
    static func offset(of word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word) }
    /// Joins tag and offset.
    @inline(__always)
    static func word(tag: UInt32, offset: UInt32) -> UInt64 { UInt64(tag) << 32 | UInt64(offset) }
}
