package import Vocabulary

/// What is remembered of idempotency keys: which request runs under a key, and what the answer was.
///
/// Pure: it is told of events, with the time as a number, and says what follows. A key is in one of four states.
///
/// ```
///          begin              complete
///   (new) ───────► running ──────────────► completed ──► expired or evicted
///             ▲       │ abandon: was charged
///             │       ├──────────────────► abandoned ──► expired or evicted
///             │       │ abandon: was not     │
///             │       └──► (forgotten)       │ begin
///             └──────────────────────────────┘
/// ```
///
/// `interrupted` is what a start finds of requests that ran when the process before ended.
///
/// Finished keys hang in two lists in the order in which they finished, one for each tenant and one of all. The oldest
/// of a list is the next to expire and the first to go when there is no room, so every event costs O(1), expected and
/// amortised. What runs is in no list and therefore never evicted; it counts as well, so a tenant whose keys all run
/// has no room for another one.
package struct IdempotencyTable: Sendable {
    /// How long and how much is remembered; may change at any time.
    package var settings: IdempotencySettings
    /// How many keys are remembered.
    package private(set) var count = 0
    /// Bytes that they take, as the bounds count.
    package private(set) var byteCount = 0
    /// All entries, free ones included.
    var entries: [Entry] = []
    /// What each tenant has, free places included.
    var shares: [Share] = []
    /// The finished entries of all, oldest first.
    var finished = EntryList()
    /// Names of entries that also stand on disk and are gone here.
    private var forgotten: [IdempotencyName] = []
    private var places: [IdempotencyName: Int32] = [:]
    private var shareOfTenant: [TenantKey: Int32] = [:]
    private var freeEntries: [Int32] = []
    private var freeShares: [Int32] = []

    /// Bytes that a key takes without its answer: the entry, its place in the dictionary, a share of its tenant's.
    package static let entryBytes = 320

    /// A table that remembers nothing.
    package init(settings: IdempotencySettings) { self.settings = settings }

    /// How many tenants have keys here.
    package var tenantCount: Int { shareOfTenant.count }

    /// Takes the names of entries that stand on disk and are to go there too.
    package mutating func takeForgotten() -> [IdempotencyName] {
        guard !forgotten.isEmpty else { return [] }
        var taken: [IdempotencyName] = []
        swap(&taken, &forgotten)
        return taken
    }

    /// Where a name is remembered.
    func place(of name: IdempotencyName) -> Int32? { places[name] }

    /// Remembers a name, without an answer so far; there is room for it.
    ///
    /// - Returns: its place; it is in no list.
    mutating func insert(_ name: IdempotencyName, _ fingerprint: RequestFingerprint, isKept: Bool) -> Int32 {
        let share = share(of: name.tenant)
        let place: Int32
        if let free = freeEntries.popLast() {
            place = free
        } else {
            place = Int32(entries.count)
            entries.append(Entry())
        }
        let generation = entries[Int(place)].generation
        var entry = Entry()
        entry.generation = generation &+ 1  // wraps after more runs in one place than there will ever be at once
        entry.name = name
        entry.fingerprint = fingerprint
        entry.isKept = isKept
        entry.share = share
        entries[Int(place)] = entry
        places[name] = place
        count += 1
        shares[Int(share)].count += 1
        addBytes(IdempotencyTable.entryBytes, to: place)
        return place
    }

    /// Forgets an entry that is in no list.
    mutating func remove(_ place: Int32) {
        let entry = entries[Int(place)]
        addBytes(-entry.byteCount, to: place)
        if entry.isKept { forgotten.append(entry.name) }
        places[entry.name] = nil
        count -= 1
        let share = Int(entry.share)
        shares[share].count -= 1
        if shares[share].count == 0 {
            shareOfTenant[entry.name.tenant] = nil
            freeShares.append(entry.share)
        }
        entries[Int(place)].answer = nil
        entries[Int(place)].waiters = []
        freeEntries.append(place)
    }

    /// Counts bytes for an entry, its tenant and all.
    mutating func addBytes(_ bytes: Int, to place: Int32) {
        entries[Int(place)].byteCount += bytes
        shares[Int(entries[Int(place)].share)].byteCount += bytes
        byteCount += bytes
    }

    /// What a tenant has; a new tenant has nothing yet.
    private mutating func share(of tenant: TenantKey) -> Int32 {
        if let share = shareOfTenant[tenant] { return share }
        let share: Int32
        if let free = freeShares.popLast() {
            share = free
            shares[Int(share)] = Share()
        } else {
            share = Int32(shares.count)
            shares.append(Share())
        }
        shareOfTenant[tenant] = share
        return share
    }

    /// What a tenant has, by name; `nil`: nothing.
    func existingShare(of tenant: TenantKey) -> Share? { shareOfTenant[tenant].map { shares[Int($0)] } }
}
