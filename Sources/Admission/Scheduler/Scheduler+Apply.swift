package import Vocabulary

/// Other settings during its life (docs/scheduling.md, Other settings).
extension Scheduler {
    /// Goes on with other settings; nothing that runs or waits is lost, and tickets stay what they are.
    ///
    /// - Parameters:
    ///   - settings: the new ones.
    ///   - successors: for each tier there was, which of the new ones takes over what it holds.
    ///   - limit: how many seats there are from now on.
    ///   - now: the monotonic clock.
    ///   - actions: filled on return, as by `step`.
    /// - Complexity: O(n log n) for n requests and places.
    package mutating func apply(
        _ settings: SchedulerSettings, tiers successors: [Int], limit: Int, at now: Nanoseconds,
        into actions: inout [SchedulerAction]
    ) {
        precondition(
            successors.count == tiers.count && successors.allSatisfy(settings.tiers.indices.contains),
            "\(successors) for \(tiers.count) tiers")
        actions.removeAll(keepingCapacity: true)
        self.now = max(self.now, now.count)
        expire(into: &actions)
        let room = SchedulerRoom(settings, for: present(by: successors, count: settings.tiers.count))
        var next = Scheduler(settings, room: room, at: Nanoseconds(self.now))
        next.setLimit(limit)
        next.inherit(from: self, tiers: successors)
        self = next
        dispatch(into: &actions)
    }

    /// What is there, by the tiers that take it over.
    private func present(by successors: [Int], count: Int) -> SchedulerRoom.Present {
        var present = SchedulerRoom.Present(tiers: [(waiting: Int, longest: Int)](repeating: (0, 0), count: count))
        present.items = items.count
        for slot in 0..<items.count where items[slot].state == .running { present.running += 1 }
        for queue in 0..<Int32(queues.count) where queues[queue].place != .idle { present.queues += 1 }
        for (tier, successor) in successors.enumerated() {
            present.tiers[successor].waiting += tiers[tier].waiting
            // A tenant has one queue in each tier, so what becomes one queue is no longer than the longest together.
            present.tiers[successor].longest += tiers[tier].longest
        }
        return present
    }

    /// Takes over what another one holds and what it has measured.
    ///
    /// - Precondition: nothing has happened here yet.
    private mutating func inherit(from old: borrowing Scheduler, tiers successors: [Int]) {
        order = old.order
        average = old.average
        staleCount = old.staleCount
        threshold = old.threshold
        if successors.indices.contains(threshold.tier) { threshold.tier = successors[threshold.tier] }
        for (tier, successor) in successors.enumerated() {
            // Of several that become one, the least protected one's measures hold.
            tiers[successor].virtualTime = old.tiers[tier].virtualTime
            tiers[successor].highestTag = old.tiers[tier].highestTag
            tiers[successor].average = old.tiers[tier].average
        }
        let places = inheritQueues(from: old, tiers: successors)
        inheritItems(from: old, queues: places)
        inheritLengths(from: old, queues: places)
        for queue in 0..<Int32(queues.count) where queues[queue].place != .idle { settle(queue) }
        drain = old.drain
        for (tier, successor) in successors.enumerated() {
            tiers[successor].passed = old.tiers[tier].passed
            tiers[successor].isHeldBack = old.tiers[tier].isHeldBack
            tiers[successor].drain = old.tiers[tier].drain
        }
        for tier in 0..<tiers.count where tiers[tier].waiting > 0 && !tiers[tier].drain.isRunning {
            tiers[tier].drain.begin(at: now)
        }
    }
}

/// What is taken over, part by part.
extension Scheduler {
    /// Takes over the tenants' queues, empty; those that may be forgotten in the order in which they will be.
    ///
    /// - Returns: for each queue there was, where it is now; -1: nowhere.
    private mutating func inheritQueues(from old: borrowing Scheduler, tiers successors: [Int]) -> [Int32] {
        var places = [Int32](repeating: -1, count: old.queues.count)
        var idle = old.queues.idle()
        while idle >= 0 {
            _ = inherit(old.queues[idle], from: old, tier: successors[Int(old.queues[idle].tier)])
            idle = old.queues.idle(after: idle)
        }
        for index in places.indices where old.queues[Int32(index)].place != .idle {
            let entry = old.queues[Int32(index)]
            let queue = inherit(entry, from: old, tier: successors[Int(entry.tier)])
            if queues[queue].place == .idle {
                queues.wake(queue)
                queues[queue].place = .busy
            }
            places[index] = queue
        }
        return places
    }

    /// Takes over what a queue remembers; if two become one, what each was ahead adds up.
    private mutating func inherit(_ entry: TenantQueue, from old: borrowing Scheduler, tier: Int) -> Int32 {
        guard let queue = queues.queue(of: entry.tenant, tier: tier) else {
            preconditionFailure("\(queues.count) queues: there is room for every one in use")
        }
        let ahead = entry.tag &- old.tiers[Int(entry.tier)].virtualTime
        let start = tiers[tier].virtualTime
        let isNew = queues[queue].weight == 0
        queues[queue].tag = start &+ (isNew ? ahead : max(0, queues[queue].tag &- start) &+ max(0, ahead))
        queues[queue].average = max(queues[queue].average, entry.average)
        queues[queue].weight = max(queues[queue].weight, entry.weight)
        tiers[tier].highestTag = VirtualTime.later(tiers[tier].highestTag, queues[queue].tag)
        return queue
    }

    /// Takes over the requests, in the slots where their tickets find them; what waits, in the order in which it came.
    private mutating func inheritItems(from old: borrowing Scheduler, queues places: [Int32]) {
        var waiting: [(order: UInt32, slot: Int32)] = []
        freeItem = -1
        for slot in stride(from: Int32(items.count) - 1, through: 0, by: -1) {
            let item = slot < old.items.count ? old.items[slot] : Item()
            items[slot] = item
            switch item.state {
            case .free:
                items[slot].next = freeItem
                freeItem = slot
            case .running: inheritRunning(slot, in: places[Int(item.queue)])
            case .waiting: waiting.append((item.order, slot))
            }
        }
        waiting.sort { Int32(bitPattern: $0.order &- $1.order) < 0 }
        for (_, slot) in waiting {
            let queue = places[Int(items[slot].queue)]
            items[slot].queue = queue
            items[slot].next = -1
            append(slot, to: queue, in: Int(queues[queue].tier))
            guard let expiry = old.expiries.key(of: slot, in: 0) else { continue }
            expiries.set(.init(key: expiry, order: items[slot].order, index: slot), in: 0)
        }
    }

    private mutating func inheritRunning(_ slot: Int32, in queue: Int32) {
        let seats = Int(items[slot].seats)
        items[slot].queue = queue
        inUse += seats
        tiers[Int(queues[queue].tier)].inUse += seats
        queues[queue].seatsInUse += Int32(seats)
    }

    /// Takes over which of equally long queues has changed last.
    private mutating func inheritLengths(from old: borrowing Scheduler, queues places: [Int32]) {
        for tier in 0..<old.tiers.count where old.tiers[tier].longest > 0 {
            for length in 1...old.tiers[tier].longest {
                var changed: [Int32] = []
                var queue = old.lengths[old.tiers[tier].lengthBase + length]
                while queue >= 0 {
                    changed.append(places[Int(queue)])
                    queue = old.queues[queue].nextOfLength
                }
                for queue in changed.reversed() { touch(queue) }
            }
        }
    }
}
