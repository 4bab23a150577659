internal import Vocabulary

/// Who may wait (docs/scheduling.md).
extension Scheduler {
    /// Starts a request, lets it wait, or refuses it.
    mutating func arrive(_ arrival: Arrival, into actions: inout [SchedulerAction]) {
        let tier = arrival.tier
        precondition((0..<tiers.count).contains(tier), "tier \(tier) of \(tiers.count)")
        if let deadline = arrival.deadline, deadline.count <= now {
            return refuse(arrival, .queueTimeout, into: &actions)
        }
        let isInside = isInside(tier, with: arrival.seats)
        guard isInside || isLetIn(arrival) else {
            tiers[tier].isHeldBack = true
            return refuse(arrival, .overloadProtection, into: &actions)
        }
        guard let queue = queues.queue(of: arrival.tenant, tier: tier) else {
            return refuse(arrival, .queueFull, into: &actions)
        }
        let slot = enqueue(arrival, in: queue)
        dispatch(into: &actions)
        guard items[slot].state == .waiting else { return }
        let expiry = expiry(of: arrival)
        if let reason = reasonToRefuse(slot, in: tier, isInside: isInside, expiry: expiry) {
            return refuse(slot, reason, into: &actions)
        }
        guard makePlace(for: slot, in: tier, isInside: isInside, into: &actions) else { return }
        items[slot].isQueued = true
        expiries.set(.init(key: expiry, order: items[slot].order, index: slot), in: 0)
        let ticket = Ticket(slot: slot, generation: items[slot].generation)
        actions.append(.queue(ticket, caller: arrival.caller))
    }

    /// Whether the tier's reserve covers all that it uses and waits for, and so many seats more.
    package func isInside(_ tier: Int, with seats: Int) -> Bool {
        Int64(tiers[tier].inUse + seats) + tiers[tier].waitingSeats <= Int64(tiers[tier].reserve)
    }

    /// Whether the threshold lets a request in that no reserve covers (docs/scheduling.md, Admission threshold).
    private func isLetIn(_ arrival: Arrival) -> Bool {
        let tier = arrival.tier
        if threshold.admits(arrival.tenant, tier: tier) { return true }
        if threshold.isLenient, waiting == 0 ? isFree(arrival.seats, for: tier) : isQuiet(arrival.tenant, in: tier) {
            return true
        }
        return tiers[tier].waiting == 0 && tiers[tier].isFloorDue(for: arrival.seats)
    }

    /// Whether a tenant of the tier at the threshold has nothing waiting, and not too many others have.
    ///
    /// Its turn comes within a round, whatever one of the others does; a round of four times as many tenants as there
    /// are seats lasts for some four requests.
    private func isQuiet(_ tenant: TenantKey, in tier: Int) -> Bool {
        tier == threshold.tier && tiers[tier].waitingQueues < 4 * limit && queues.length(of: tenant, tier: tier) == 0
    }

    /// When the wait of a newcomer ends.
    private func expiry(of arrival: Arrival) -> Int64 {
        let most = tiers[arrival.tier].settings.waitMax
        let wait = max(0, min(arrival.waitMax ?? most, most).count)
        let (end, overflow) = now.addingReportingOverflow(wait)
        return min(overflow ? .max : end, arrival.deadline?.count ?? .max)
    }

    /// What speaks against a newcomer that cannot start, whatever the others do.
    private func reasonToRefuse(_ slot: Int32, in tier: Int, isInside: Bool, expiry: Int64) -> Reason? {
        let settings = tiers[tier].settings
        if settings.depthMax == 0 || expiry <= now { return .concurrencyLimit }
        guard !isInside else { return nil }
        if isHopeless(slot, in: tier, within: expiry - now) { return .queueTimeout }
        if Int(queues[items[slot].queue].length) > settings.tenantDepthMax { return .queueFull }
        return nil
    }

    /// Lets somebody go where one more waits than may.
    ///
    /// - Returns: whether the newcomer is still there.
    private mutating func makePlace(
        for slot: Int32, in tier: Int, isInside: Bool, into actions: inout [SchedulerAction]
    ) -> Bool {
        if !isInside, tiers[tier].waiting > tiers[tier].settings.depthMax {
            guard drop(from: tier, for: slot, .queueFull, into: &actions) else { return false }
        }
        guard waiting > placesMax else { return true }
        var lowest = tiers.count - 1
        while tiers[lowest].waiting == 0 { lowest -= 1 }
        return drop(from: lowest, for: slot, lowest == tier ? .queueFull : .overloadProtection, into: &actions)
    }

    /// Lets the newest of the longest queue in a tier go.
    ///
    /// - Returns: whether that was not the newcomer.
    private mutating func drop(
        from tier: Int, for newcomer: Int32, _ reason: Reason, into actions: inout [SchedulerAction]
    ) -> Bool {
        let slot = queues[longestQueue(in: tier)].tail
        guard slot != newcomer else {
            refuse(slot, reason, into: &actions)
            return false
        }
        let ticket = Ticket(slot: slot, generation: items[slot].generation)
        actions.append(
            .displace(ticket, caller: items[slot].caller, reason: reason, retryAfter: retryAfter(slot)))
        remove(slot)
        return true
    }

    private mutating func refuse(_ slot: Int32, _ reason: Reason, into actions: inout [SchedulerAction]) {
        actions.append(.refuse(caller: items[slot].caller, reason: reason, retryAfter: retryAfter(slot)))
        remove(slot)
    }

    private func refuse(_ arrival: Arrival, _ reason: Reason, into actions: inout [SchedulerAction]) {
        let retryAfter = retryAfter(tier: arrival.tier, seats: arrival.seats)
        actions.append(.refuse(caller: arrival.caller, reason: reason, retryAfter: retryAfter))
    }
}
