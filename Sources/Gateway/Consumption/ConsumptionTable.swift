internal import Vocabulary

/// What one event loop has counted of requests that were decided by one state, by tenant, principal, key, class,
/// operation and day.
///
/// A hash table with open addressing over indices of the state: nothing is looked up by name, and counting one more
/// request of a known kind takes no memory. Names are put to the numbers when the table is collected.
struct ConsumptionTable: Sendable {
    /// What the indices mean.
    let state: DataPlaneState
    private(set) var entries: [Entry] = []
    /// One more than the entry's place; 0: free.
    private var slots = [Int32](repeating: 0, count: 256)

    /// The most entries between two collections: some 20 MB on each loop at the very most.
    ///
    /// What comes then is counted for its tenant, and when there are twice as many for nobody: the sums stay right.
    static let entryCountMax = 1 << 17

    /// Whose requests are counted, and of which kind; -1 where there is none.
    struct Key: Hashable, Sendable {
        /// The tenant; -1: nobody is known.
        var tenant: Int32 = -1
        /// The principal.
        var principal: Int32 = -1
        /// The key.
        var key: Int32 = -1
        /// The class.
        var trafficClass: Int32 = -1
        /// The operation.
        var operation: Int32 = -1
        /// The day, by the calendar of the tenant's plan.
        var day: Int32

        /// A mixed number of all parts, by multiplication as in Fibonacci hashing (Knuth, TAOCP 3, §6.4).
        @inline(__always)
        fileprivate var hash: UInt64 {
            let first = UInt64(truncatingIfNeeded: tenant) << 32 | UInt64(UInt32(bitPattern: principal))
            let second = UInt64(truncatingIfNeeded: operation) << 32 | UInt64(UInt32(bitPattern: key))
            let third = UInt64(truncatingIfNeeded: trafficClass) << 32 | UInt64(UInt32(bitPattern: day))
            var mixed = first &* 0x9E37_79B9_7F4A_7C15
            mixed = (mixed ^ mixed >> 29 ^ second) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 32 ^ third) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    /// One kind of requests.
    struct Entry: Sendable {
        /// Which.
        let key: Key
        /// What was counted.
        var count = Count()
        /// The minute in which the key was used last, since 1970.
        var minute: Int32 = 0
    }

    /// Numbers of one kind of requests.
    struct Count: Sendable {
        var admitted: Int64 = 0
        var replayed: Int64 = 0
        var refused: Int64 = 0
        var cost: Int64 = 0
        var bytesIn: Int64 = 0
        var bytesOut: Int64 = 0
    }

    /// Nothing counted yet.
    init(_ state: DataPlaneState) { self.state = state }

    /// Counts something of a kind.
    ///
    /// - Complexity: O(1) expected; no allocation but where the number of kinds grows.
    @inline(__always)
    mutating func add(_ key: Key, minute: Int32, _ change: (inout Count) -> Void) {
        let place = place(of: key)
        change(&entries[place].count)
        if minute > entries[place].minute { entries[place].minute = minute }
    }

    @inline(__always)
    private mutating func place(of key: Key) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key.hash) & mask
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if entries[place].key == key { return place }
            slot = (slot + 1) & mask
        }
        return newPlace(of: key, slot)
    }

    @inline(never)
    private mutating func newPlace(of key: Key, _ slot: Int) -> Int {
        if entries.count >= ConsumptionTable.entryCountMax {
            let ofTenant = Key(tenant: key.tenant, day: key.day)
            if key != ofTenant { return place(of: ofTenant) }
            let ofNobody = Key(day: key.day)
            if entries.count >= ConsumptionTable.entryCountMax * 2, key != ofNobody { return place(of: ofNobody) }
        }
        entries.append(Entry(key: key))
        slots[slot] = Int32(entries.count)
        if entries.count * 2 > slots.count { grow() }
        return entries.count - 1
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (place, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.key.hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(place + 1)
        }
    }

    /// Forgets what was counted, but keeps the memory for what comes, unless that is much more than there was use for.
    mutating func clear() {
        if slots.count > 4_096, entries.count * 16 < slots.count {
            self = ConsumptionTable(state)
            return
        }
        entries.removeAll(keepingCapacity: true)
        for slot in slots.indices { slots[slot] = 0 }
    }
}
