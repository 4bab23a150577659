/// Finds where tenants lie: a hash index that grows a little at a time.
///
/// Eight bytes per slot: half of the hash, which rejects strangers without a second cache miss, and where the tenant's
/// words lie. Load stays at or below ¾; removal shifts the run back, so there are no tombstones.
///
/// A full index is not copied at once, which would hold up one request for milliseconds at a million tenants. The next
/// one is made beside it, twice as large, and every operation from then on carries `stepSlots` slots over, until the
/// older one is empty. Slots that were carried over are marked, not emptied, so that the older index keeps its runs
/// together; nothing is ever added to it. It is empty long before the next one is full: for each of its slots the next
/// one takes three quarters of an insertion until then, and each insertion carries over several.
package struct TenantIndex: ~Copyable {
    /// How many entries there are.
    package private(set) var count = 0
    /// How many entries the last operation carried over.
    package private(set) var movedCount = 0
    private var slots = Slots(capacity: 16)
    private var older = Slots(capacity: 1)
    private var isGrowing = false
    /// The slots of `older` from here on are still to be carried over.
    private var carriedSlots = 0
    /// Where the walk over all tenants goes on: downwards, so that what closes a gap is not missed.
    private var walkSlot = 0

    /// How many slots of the older index one operation carries over at most.
    package static let stepSlots = 16
    /// What stands in a slot of the older index whose entry is gone: no entry, since every tag is odd.
    private static let gone: UInt64 = 0xFFFF_FFFF

    /// An index that holds nothing.
    package init() {}

    /// A place in the index, valid until the index changes.
    package struct Place {
        fileprivate var slot: Int
        fileprivate var isOlder: Bool
        /// Where the tenant's words lie.
        package var offset: UInt32
    }

    /// Finds the entry with a tag whose tenant the body recognises by its offset.
    ///
    /// - Precondition: tags are odd.
    /// - Complexity: O(1) expected.
    @inline(__always)  // the first step of every decision
    package func find(_ tag: UInt32, _ isMatch: (UInt32) -> Bool) -> Place? {
        if let slot = TenantIndex.find(tag, in: slots, isMatch) {
            return Place(slot: slot, isOlder: false, offset: Slots.offset(of: slots[slot]))
        }
        guard isGrowing, let slot = TenantIndex.find(tag, in: older, isMatch) else { return nil }
        return Place(slot: slot, isOlder: true, offset: Slots.offset(of: older[slot]))
    }

    @inline(__always)
    private static func find(_ tag: UInt32, in slots: borrowing Slots, _ isMatch: (UInt32) -> Bool) -> Int? {
        var slot = slots.home(of: tag)
        while true {
            let word = slots[slot]
            if Slots.tag(of: word) == tag, isMatch(Slots.offset(of: word)) { return slot & slots.mask }
            if word == 0 { return nil }
            slot &+= 1  // counted round by the mask
        }
    }

    /// Adds an entry.
    ///
    /// - Complexity: O(1): carries over at most `stepSlots` entries. One insertion in a great many also allocates the
    ///   next index, of which nothing but zeroes is written.
    package mutating func insert(_ tag: UInt32, offset: UInt32) {
        if (count + 1) * 4 > slots.capacity * 3 { beginGrowing() }
        step()
        slots.place(Slots.word(tag: tag, offset: offset))
        count += 1
    }

    /// Takes an entry out.
    package mutating func remove(_ place: Place) {
        if place.isOlder { older[place.slot] = TenantIndex.gone } else { slots.remove(at: place.slot) }
        count -= 1
        step()
    }

    /// Lets an entry lead elsewhere.
    package mutating func move(_ place: Place, to offset: UInt32) {
        if place.isOlder {
            older[place.slot] = Slots.word(tag: Slots.tag(of: older[place.slot]), offset: offset)
        } else {
            slots[place.slot] = Slots.word(tag: Slots.tag(of: slots[place.slot]), offset: offset)
        }
    }

    private mutating func beginGrowing() {
        precondition(!isGrowing, "\(count) entries: the older index was to be empty before the next is full")
        var next = Slots(capacity: slots.capacity * 2)
        swap(&next, &slots)
        older = next
        carriedSlots = 0
        isGrowing = true
    }

    /// Carries over the next few slots of the older index, if there is one.
    package mutating func step() {
        movedCount = 0
        guard isGrowing else { return }
        for _ in 0..<TenantIndex.stepSlots {
            guard carriedSlots < older.capacity else {
                older = Slots(capacity: 1)
                isGrowing = false
                return
            }
            let word = older[carriedSlots]
            if word != 0, word != TenantIndex.gone {
                slots.place(word)
                older[carriedSlots] = TenantIndex.gone
                movedCount += 1
            }
            carriedSlots += 1
        }
    }

    /// The next tenant on an endless walk over all of them; `nil` where a slot is empty, or while the index grows.
    package mutating func next() -> UInt32? {
        guard !isGrowing else {
            step()
            return nil
        }
        walkSlot = (walkSlot - 1) & slots.mask
        let word = slots[walkSlot]
        return word == 0 ? nil : Slots.offset(of: word)
    }

    /// How many steps of a walk lead past all tenants.
    package var walkLength: Int {
        slots.capacity + (isGrowing ? (older.capacity - carriedSlots) / TenantIndex.stepSlots + 1 : 0)
    }

    /// Bytes held.
    var byteCount: Int { (slots.capacity + older.capacity) * MemoryLayout<UInt64>.stride }
}
