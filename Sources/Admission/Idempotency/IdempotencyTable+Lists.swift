package import Vocabulary

/// Order, expiry and room.
extension IdempotencyTable {
    /// The two lists that a finished entry is in.
    private enum Chain { static let all = 0, own = 1 }

    /// Puts an entry at the new end of both lists.
    mutating func enlist(_ place: Int32) {
        let share = Int(entries[Int(place)].share)
        finished = appending(place, to: finished, Chain.all)
        shares[share].finished = appending(place, to: shares[share].finished, Chain.own)
    }

    /// Takes an entry out of both lists.
    mutating func delist(_ place: Int32) {
        let share = Int(entries[Int(place)].share)
        finished = removing(place, from: finished, Chain.all)
        shares[share].finished = removing(place, from: shares[share].finished, Chain.own)
    }

    private mutating func appending(_ place: Int32, to list: EntryList, _ chain: Int) -> EntryList {
        var list = list
        entries[Int(place)].links[chain] = Links(older: list.newest, newer: -1)
        if list.newest >= 0 { entries[Int(list.newest)].links[chain].newer = place } else { list.oldest = place }
        list.newest = place
        return list
    }

    private mutating func removing(_ place: Int32, from list: EntryList, _ chain: Int) -> EntryList {
        var list = list
        let links = entries[Int(place)].links[chain]
        if links.older >= 0 {
            entries[Int(links.older)].links[chain].newer = links.newer
        } else {
            list.oldest = links.newer
        }
        if links.newer >= 0 {
            entries[Int(links.newer)].links[chain].older = links.older
        } else {
            list.newest = links.older
        }
        entries[Int(place)].links[chain] = Links()
        return list
    }

    /// Whether an entry's window is over; what runs has none.
    func isExpired(_ place: Int32, at now: Nanoseconds) -> Bool {
        let entry = entries[Int(place)]
        return entry.state != .running && now - entry.since >= settings.window
    }

    /// Forgets what is over, the oldest first.
    ///
    /// Every event does so for two, more than it adds; whoever wants memory back at rest calls it now and then.
    ///
    /// - Returns: whether there may be more.
    /// - Complexity: O(limit).
    @discardableResult
    package mutating func expire(upTo limit: Int, at now: Nanoseconds) -> Bool {
        for _ in 0..<limit {
            guard finished.oldest >= 0, isExpired(finished.oldest, at: now) else { return false }
            forget(finished.oldest)
        }
        return true
    }

    /// Forgets a finished entry.
    mutating func forget(_ place: Int32) {
        delist(place)
        remove(place)
    }

    /// Makes room for a new entry of a tenant by evicting finished ones, the tenant's own first.
    ///
    /// - Returns: whether there is room now.
    mutating func makeRoom(forEntryOf tenant: TenantKey) -> Bool {
        let bytes = IdempotencyTable.entryBytes
        while let share = existingShare(of: tenant),
            share.count >= settings.entriesPerTenantMax || share.byteCount + bytes > settings.bytesPerTenantMax
        {
            guard share.finished.oldest >= 0 else { return false }
            forget(share.finished.oldest)
        }
        guard settings.entriesPerTenantMax > 0, settings.bytesPerTenantMax >= bytes else { return false }
        while count >= settings.entriesMax || byteCount + bytes > settings.bytesMax {
            guard finished.oldest >= 0 else { return false }
            forget(finished.oldest)
        }
        return true
    }

    /// Makes room for the answer of an entry that is in no list, as above.
    ///
    /// - Returns: whether there is room now.
    mutating func makeRoom(for bytes: Int, at place: Int32) -> Bool {
        // What can never fit must not push out what does.
        let least = entries[Int(place)].byteCount + bytes
        guard least <= settings.bytesPerTenantMax, least <= settings.bytesMax else { return false }
        let share = Int(entries[Int(place)].share)
        while shares[share].byteCount + bytes > settings.bytesPerTenantMax {
            guard shares[share].finished.oldest >= 0 else { return false }
            forget(shares[share].finished.oldest)
        }
        while byteCount + bytes > settings.bytesMax {
            guard finished.oldest >= 0 else { return false }
            forget(finished.oldest)
        }
        return true
    }
}
