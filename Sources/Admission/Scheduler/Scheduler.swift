package import Vocabulary

/// Decides which requests run, which wait and which go: seats by tier, fair among tenants.
///
/// The derivation is docs/scheduling.md. Pure (design §4.7): time comes in as a number, and the same events always give
/// the same actions. Whoever holds the one value steps it, then acts.
package struct Scheduler: ~Copyable, Sendable {
    let tiers: Slab<TierState>
    let items: Slab<Item>
    var queues: QueueTable
    /// For each tier, the queues whose first request may start as far as its tenant is concerned, by tag.
    var ready: HeapForest
    /// What waits, by when its wait ends.
    var expiries: HeapForest
    /// For each tier and length, the first of the queues that are as long; -1: none.
    let lengths: Slab<Int32>
    let placesMax: Int
    let limitMax: Int

    /// The time of the last event.
    var now: Int64
    /// How many have arrived.
    var order: UInt32 = 0
    var freeItem: Int32 = -1
    var threshold = AdmissionThreshold.open
    /// The drain of all tiers together.
    var drain = Drain()
    /// How long requests take; 0: unknown.
    var average: Int64 = 0

    /// How many seats there are.
    package internal(set) var limit = 0
    /// How many of them are in use.
    package internal(set) var inUse = 0
    /// How many requests wait.
    package internal(set) var waiting = 0
    /// How many events named a ticket that had ended.
    package internal(set) var staleCount = 0

    /// The most tiers.
    package static let tierCountMax = 16
    /// The most places.
    package static let placesMax = 1 << 24

    /// A scheduler in which nothing runs or waits, with all the memory that it will need.
    ///
    /// - Parameters:
    ///   - settings: tiers and bounds.
    ///   - limit: how many seats there are at first.
    ///   - now: the monotonic clock.
    package init(_ settings: SchedulerSettings, limit: Int, at now: Nanoseconds) {
        self.init(settings, room: SchedulerRoom(settings), at: now)
        setLimit(limit)
    }

    /// A scheduler without seats, with memory for what its settings allow or for more.
    init(_ settings: SchedulerSettings, room: SchedulerRoom, at now: Nanoseconds) {
        let states = room.states
        tiers = Slab(repeating: states[0], count: states.count)
        for (index, state) in states.enumerated() { tiers[index] = state }
        placesMax = settings.placesMax
        limitMax = settings.limitMax
        self.now = max(0, now.count)
        items = Slab(repeating: Item(), count: room.items)
        for slot in stride(from: room.items - 1, through: 0, by: -1) {
            items[slot].next = freeItem
            freeItem = Int32(slot)
        }
        queues = QueueTable(count: room.queues)
        ready = HeapForest(capacities: room.readyQueues, indices: room.queues)
        expiries = HeapForest(capacities: [room.places + 1], indices: room.items)
        lengths = Slab(repeating: -1, count: states.reduce(0) { $0 + $1.lengthCount })
    }

    /// Takes one event.
    ///
    /// - Parameters:
    ///   - event: what has happened.
    ///   - now: the monotonic clock; one that reads backwards stands still.
    ///   - actions: filled on return; what it held before is forgotten. A step makes at most as many as there can be
    ///     requests.
    /// - Complexity: O(log n + tiers) for each action; a change of the limit also looks at the queues at their cap.
    package mutating func step(_ event: SchedulerEvent, at now: Nanoseconds, into actions: inout [SchedulerAction]) {
        if !actions.isEmpty { actions.removeAll(keepingCapacity: true) }
        self.now = max(self.now, now.count)
        expire(into: &actions)
        switch event {
        case .arrive(let arrival): arrive(arrival, into: &actions)
        case .finish(let ticket, let ending): finish(ticket, ending)
        case .cancel(let ticket): cancel(ticket)
        case .limit(let limit): setLimit(limit)
        case .threshold(let threshold): setThreshold(threshold)
        case .tick: break
        }
        dispatch(into: &actions)
    }

    /// When the next wait ends: the moment at which to step again if nothing happens before; `nil`: nothing waits.
    package var nextDeadline: Nanoseconds? { expiries.first(of: 0).map { Nanoseconds($0.key) } }

    /// How many seats a tier has in use.
    package func inUse(tier: Int) -> Int { tiers[tier].inUse }

    /// How many seats are a tier's own, and if there are any, how many the tier could be given at once.
    ///
    /// - Complexity: O(tiers).
    package func reserve(tier: Int) -> (seats: Int, left: Int) {
        let seats = tiers[tier].reserve
        return (seats, seats > 0 ? left(tier: tier) : 0)
    }

    /// How many seats a tier could be given at once, by nobody else's leave.
    private func left(tier: Int) -> Int {
        var free = limit - inUse
        for other in 0..<tiers.count where other != tier { free -= tiers[other].idleKept }
        let own = min(tiers[tier].idleKept, limit - inUse)
        return max(own, min(free, tiers[tier].most - tiers[tier].inUse), 0)
    }

    /// How many seats a tier may hold.
    package func most(tier: Int) -> Int { tiers[tier].most }

    /// How many requests wait in a tier.
    package func waiting(tier: Int) -> Int { tiers[tier].waiting }

    /// How many seats are asked for by what waits in a tier.
    package func waitingSeats(tier: Int) -> Int64 { tiers[tier].waitingSeats }

    /// Bytes held, all of them since the beginning.
    package var byteCount: Int {
        items.byteCount + queues.byteCount + ready.byteCount + expiries.byteCount + lengths.byteCount + tiers.byteCount
    }
}
