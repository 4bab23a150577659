internal import Vocabulary

/// Who is next (docs/scheduling.md, Order between tiers).
extension Scheduler {
    /// Starts whatever may start.
    mutating func dispatch(into actions: inout [SchedulerAction]) {
        while waiting > 0, inUse < limit, let (tier, queue, seats) = next() {
            start(queue, in: tier, seats: seats, into: &actions)
        }
    }

    private typealias Candidate = (tier: Int, queue: Int32, seats: Int)

    /// The one request that starts next; `nil`: nothing may.
    private mutating func next() -> Candidate? {
        var owed: Candidate?
        var due: Candidate?
        var first: Candidate?
        for tier in 0..<tiers.count where tiers[tier].waiting > 0 {
            guard let candidate = candidate(tier) else { continue }
            let used = tiers[tier].inUse + candidate.seats
            if used <= tiers[tier].kept, inUse + candidate.seats <= limit { return candidate }
            if owed == nil, used <= tiers[tier].reserve { owed = candidate }
            if due == nil, tiers[tier].isFloorDue(for: candidate.seats) { due = candidate }
            if first == nil { first = candidate }
        }
        guard let chosen = owed ?? due ?? first, isCommitted(chosen) else { return nil }
        return chosen
    }

    /// The request of a tier that would be next, if caps allow one.
    private mutating func candidate(_ tier: Int) -> Candidate? {
        while let entry = ready.first(of: tier) {
            let most = min(tiers[tier].tenantMost, tiers[tier].widest)
            let wanted = Int(items[queues[entry.index].head].seats)
            let seats = min(wanted, most)
            // The cap may have been lowered since the queue was put into the heap.
            let isUnderCap =
                Int(queues[entry.index].seatsInUse) + min(wanted, tiers[tier].tenantMost)
                <= tiers[tier].tenantMost
            guard isUnderCap else {
                settle(entry.index)
                continue
            }
            guard seats > 0, tiers[tier].inUse + seats <= tiers[tier].most else { return nil }
            return (tier, entry.index, seats)
        }
        return nil
    }

    /// Whether a start leaves the other tiers what they keep.
    private func isCommitted(_ candidate: Candidate) -> Bool { isFree(candidate.seats, for: candidate.tier) }

    /// Whether so many seats can be given to a tier and the others have what they keep.
    func isFree(_ seats: Int, for tier: Int) -> Bool {
        var commitment = inUse + seats
        for other in 0..<tiers.count where other != tier { commitment += tiers[other].idleKept }
        return commitment <= limit
    }

    /// Starts the first request of a queue.
    private mutating func start(
        _ queue: Int32, in tier: Int, seats: Int, into actions: inout [SchedulerAction]
    ) {
        let slot = queues[queue].head
        let waited = now - items[slot].since
        if items[slot].isQueued {
            drain.note(seats, at: now)
            tiers[tier].drain.note(seats, at: now)
        }
        dequeue(slot)
        charge(slot, of: queue, in: tier, seats: seats)
        items[slot].state = .running
        items[slot].since = now
        items[slot].seats = UInt16(seats)
        inUse += seats
        tiers[tier].inUse += seats
        queues[queue].seatsInUse += Int32(seats)
        for other in 0..<tiers.count where other != tier && tiers[other].isPassed { tiers[other].passed += seats }
        tiers[tier].passed = 0
        tiers[tier].isHeldBack = false
        settle(queue)
        let ticket = Ticket(slot: slot, generation: items[slot].generation)
        actions.append(.start(ticket, caller: items[slot].caller, seats: seats, waited: Nanoseconds(waited)))
    }

    /// Charges a queue for what is expected of a request, and lets virtual time follow.
    private func charge(_ slot: Int32, of queue: Int32, in tier: Int, seats: Int) {
        let known = queues[queue].average > 0 ? queues[queue].average : tiers[tier].average
        let charge = VirtualTime.charge(
            seats: seats, nanoseconds: known > 0 ? known : VirtualTime.durationUnknown,
            weight: Int(queues[queue].weight))
        items[slot].charge = charge
        let tag = queues[queue].tag
        tiers[tier].virtualTime = VirtualTime.later(tiers[tier].virtualTime, tag)
        queues[queue].tag = tag &+ charge
        tiers[tier].highestTag = VirtualTime.later(tiers[tier].highestTag, tag &+ charge)
        forgive(in: tier)
    }

    /// Where nothing waits any more, nobody owes anything.
    func forgive(in tier: Int) {
        guard tiers[tier].waiting == 0 else { return }
        tiers[tier].virtualTime = VirtualTime.later(tiers[tier].virtualTime, tiers[tier].highestTag)
    }
}
