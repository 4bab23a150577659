internal import Vocabulary

extension Scheduler {
    /// Gives the seats of a request back, and makes its charge what it has used.
    mutating func finish(_ ticket: Ticket, _ ending: Ending) {
        guard let slot = find(ticket), items[slot].state == .running else {
            staleCount += 1
            return
        }
        let item = items[slot]
        let queue = item.queue
        let tier = Int(queues[queue].tier)
        let seats = Int(item.seats)
        let duration = max(now - item.since, VirtualTime.durationMin)
        if ending == .completed {
            queues[queue].average = VirtualTime.average(queues[queue].average, with: duration)
            tiers[tier].average = VirtualTime.average(tiers[tier].average, with: duration)
            average = VirtualTime.average(average, with: duration)
        }
        let used =
            ending == .abandoned
            ? 0 : VirtualTime.charge(seats: seats, nanoseconds: duration, weight: Int(queues[queue].weight))
        correct(queue, in: tier, by: used &- item.charge)
        inUse -= seats
        tiers[tier].inUse -= seats
        queues[queue].seatsInUse -= Int32(seats)
        free(slot)
        settle(queue)
    }

    private func correct(_ queue: Int32, in tier: Int, by change: Int64) {
        let debt = VirtualTime.debtMax(limit: limit, weights: tiers[tier].waitingWeights)
        let ahead = queues[queue].tag &+ change &- tiers[tier].virtualTime
        queues[queue].tag = tiers[tier].virtualTime &+ min(ahead, debt)
        tiers[tier].highestTag = VirtualTime.later(tiers[tier].highestTag, queues[queue].tag)
    }

    /// Lets go of a request that waits.
    mutating func cancel(_ ticket: Ticket) {
        guard let slot = find(ticket) else {
            staleCount += 1
            return
        }
        if items[slot].state == .waiting { remove(slot) }
    }

    private func find(_ ticket: Ticket) -> Int32? {
        guard ticket.slot >= 0, Int(ticket.slot) < items.count,
            items[ticket.slot].generation == ticket.generation, items[ticket.slot].state != .free
        else { return nil }
        return ticket.slot
    }

    /// Takes a request that waits out of everything.
    mutating func remove(_ slot: Int32) {
        let queue = items[slot].queue
        dequeue(slot)
        forgive(in: Int(queues[queue].tier))
        free(slot)
        settle(queue)
    }

    /// Refuses everything whose wait has ended.
    mutating func expire(into actions: inout [SchedulerAction]) {
        while let entry = expiries.first(of: 0), entry.key <= now {
            let slot = entry.index
            let ticket = Ticket(slot: slot, generation: items[slot].generation)
            actions.append(.expire(ticket, caller: items[slot].caller, retryAfter: retryAfter(slot)))
            remove(slot)
        }
    }
}
