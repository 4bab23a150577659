internal import Vocabulary

/// What waits: the lists, heaps and counts that must agree.
extension Scheduler {
    /// Takes a free slot for a request and puts it at the end of its queue.
    mutating func enqueue(_ arrival: Arrival, in queue: Int32) -> Int32 {
        let slot = freeItem
        precondition(slot >= 0, "\(waiting) waiting, \(inUse) seats in use: there is a slot for one more")
        freeItem = items[slot].next
        order &+= 1  // wraps, and is compared so
        items[slot] = Item(
            caller: arrival.caller, since: now, order: order, generation: items[slot].generation, queue: queue,
            seats: UInt16(arrival.seats), state: .waiting)
        let tier = arrival.tier
        setWeight(arrival.weight, of: queue, in: tier)
        if queues[queue].length == 0 {
            let weights = tiers[tier].waitingWeights
            let debt = VirtualTime.debtMax(limit: limit, weights: weights + arrival.weight)
            let ahead = queues[queue].tag &- tiers[tier].virtualTime
            queues[queue].tag = tiers[tier].virtualTime &+ min(max(0, ahead), debt)
        }
        append(slot, to: queue, in: tier)
        settle(queue)
        return slot
    }

    /// Puts a request that waits at the end of its queue, and counts it; `settle` has to follow.
    mutating func append(_ slot: Int32, to queue: Int32, in tier: Int) {
        let last = queues[queue].tail
        items[slot].previous = last
        if last < 0 {
            tiers[tier].waitingWeights += Int(queues[queue].weight)
            tiers[tier].waitingQueues += 1
            queues[queue].head = slot
        } else {
            items[last].next = slot
        }
        queues[queue].tail = slot
        count(slot, by: 1, in: queue, of: tier)
    }

    private func setWeight(_ weight: Int, of queue: Int32, in tier: Int) {
        if queues[queue].length > 0 { tiers[tier].waitingWeights += weight - Int(queues[queue].weight) }
        queues[queue].weight = UInt16(weight)
    }

    /// Takes a request out of its queue, wherever it stands there; its slot stays its own.
    mutating func dequeue(_ slot: Int32) {
        let item = items[slot]
        let tier = Int(queues[item.queue].tier)
        if item.previous >= 0 { items[item.previous].next = item.next } else { queues[item.queue].head = item.next }
        if item.next >= 0 { items[item.next].previous = item.previous } else { queues[item.queue].tail = item.previous }
        expiries.remove(slot, from: 0)
        count(slot, by: -1, in: item.queue, of: tier)
        if queues[item.queue].length == 0 {
            tiers[tier].waitingWeights -= Int(queues[item.queue].weight)
            tiers[tier].waitingQueues -= 1
        }
    }

    /// Ends a request: its slot is free, and its ticket finds nothing.
    mutating func free(_ slot: Int32) {
        items[slot].state = .free
        items[slot].generation &+= 1  // after four thousand million requests in one slot a ticket may come again
        items[slot].next = freeItem
        freeItem = slot
    }

    /// Counts a request in or out of its queue, its tier and the whole.
    private mutating func count(_ slot: Int32, by change: Int, in queue: Int32, of tier: Int) {
        let seats = Int64(items[slot].seats) * Int64(change)
        queues[queue].waitingSeats += seats
        tiers[tier].waitingSeats += seats
        setLength(queues[queue].length + Int32(change), of: queue, in: tier)
        if waiting == 0 { drain.begin(at: now) }
        if tiers[tier].waiting == 0 { tiers[tier].drain.begin(at: now) }
        waiting += change
        tiers[tier].waiting += change
        if waiting == 0 { drain.end(at: now) }
        if tiers[tier].waiting == 0 { tiers[tier].drain.end(at: now) }
    }

    /// Makes a queue the one of its length that has changed last.
    mutating func touch(_ queue: Int32) { setLength(queues[queue].length, of: queue, in: Int(queues[queue].tier)) }

    /// Moves a queue from the list of one length to that of another, which differs by one at most.
    private func setLength(_ length: Int32, of queue: Int32, in tier: Int) {
        let base = tiers[tier].lengthBase
        let entry = queues[queue]
        if entry.length > 0 {
            let (previous, next) = (entry.previousOfLength, entry.nextOfLength)
            if previous >= 0 {
                queues[previous].nextOfLength = next
            } else {
                lengths[base + Int(entry.length)] = next
            }
            if next >= 0 { queues[next].previousOfLength = previous }
        }
        queues[queue].length = length
        if length > 0 {
            let next = lengths[base + Int(length)]
            queues[queue].nextOfLength = next
            queues[queue].previousOfLength = -1
            if next >= 0 { queues[next].previousOfLength = queue }
            lengths[base + Int(length)] = queue
        }
        let longest = tiers[tier].longest
        if Int(length) > longest {
            tiers[tier].longest = Int(length)
        } else if longest > 0, lengths[base + longest] < 0 {
            // The longest has become one shorter, and now leads the list below; or it is empty, and all are.
            tiers[tier].longest = longest - 1
        }
    }

    /// The queue in a tier with the most waiting; of equals, the one whose length changed last.
    func longestQueue(in tier: Int) -> Int32 { lengths[tiers[tier].lengthBase + tiers[tier].longest] }

    /// Whether the first request of a queue may start as far as its tenant's cap is concerned.
    @inline(__always)
    private func isUnderCap(_ queue: Int32, in tier: Int) -> Bool {
        let most = tiers[tier].tenantMost
        return Int(queues[queue].seatsInUse) + min(Int(items[queues[queue].head].seats), most) <= most
    }

    /// Puts a queue into the list or heap where it belongs after anything about it has changed.
    mutating func settle(_ queue: Int32) {
        let entry = queues[queue]
        let tier = Int(entry.tier)
        let place: TenantQueue.Place =
            entry.length == 0
            ? (entry.seatsInUse == 0 ? .idle : .busy) : isUnderCap(queue, in: tier) ? .ready : .resting
        if place != entry.place {
            switch entry.place {
            case .idle: queues.wake(queue)
            case .busy: break
            case .ready: ready.remove(queue, from: tier)
            case .resting: queues.remove(queue, from: &tiers[tier].resting)
            }
            queues[queue].place = place
        }
        switch place {
        case .idle: if place != entry.place { queues.rest(queue) }
        case .busy: break
        case .ready:
            ready.set(.init(key: entry.tag, order: items[entry.head].order, index: queue), in: tier)
        case .resting: if place != entry.place { queues.append(queue, to: &tiers[tier].resting) }
        }
    }
}
