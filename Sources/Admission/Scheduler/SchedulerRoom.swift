/// How much memory a scheduler is made with.
///
/// As much as its settings allow, or more if it takes over what another one holds.
struct SchedulerRoom {
    /// Requests that wait or run.
    let items: Int
    /// Tenants' queues.
    let queues: Int
    /// Requests that wait.
    let places: Int
    /// The tiers, empty.
    let states: [TierState]
    /// For each tier, how many queues may have something waiting.
    let readyQueues: [Int]

    /// What is there already.
    struct Present {
        /// Slots that are known by tickets.
        var items = 0
        /// Requests that run.
        var running = 0
        /// Queues in which something waits or runs.
        var queues = 0
        /// For each tier, how many requests wait, and how many at most in one queue.
        var tiers: [(waiting: Int, longest: Int)]
    }

    /// Room for what settings allow beside what is there.
    init(_ settings: SchedulerSettings, for present: Present? = nil) {
        let present = present ?? Present(tiers: settings.tiers.map { _ in (0, 0) })
        let waiting = present.tiers.reduce(0) { $0 + $1.waiting }
        // More than may wait never becomes more still: each newcomer then costs a place.
        places = max(settings.placesMax, waiting)
        queues = max(settings.tenantQueuesMax, present.queues)
        // Slots are never fewer than they were, or an old ticket could find another's request one day.
        items = max(max(settings.limitMax, present.running) + places + 1, present.items)
        var base = 0
        states = zip(settings.tiers, present.tiers).map { tier, present in
            let state = TierState(
                settings: tier, limitMax: settings.limitMax, lengthBase: base, longest: present.longest)
            base += state.lengthCount
            return state
        }
        // Where more wait than may, a tier may still fill up at the cost of less protected ones.
        let (places, queues) = (places, queues)
        readyQueues = zip(states, present.tiers).map { state, present in
            min(queues, max(min(places, state.waitingMax), present.waiting) + 1)
        }
    }
}
