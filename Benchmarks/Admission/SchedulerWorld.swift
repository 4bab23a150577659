import Admission
import Vocabulary

/// The scheduler that is measured: three tiers, 10,000 tenants, 100,000 requests that wait, 1,000 seats in use.
struct SchedulerWorld: ~Copyable {
    static let tenants = 10_000
    static let seats = 1_000
    /// How many wait.
    let depth: Int
    var scheduler: Scheduler
    private var actions: [SchedulerAction] = []
    private var random: UInt64 = 88_172_645_463_325_252
    private var now: Int64 = 0
    private var caller: UInt64 = 0
    /// What runs, in the order in which it will end.
    private var running: [Ticket] = []
    /// Some of what waits.
    private var waiting: [Ticket] = []
    private var place = 0
    private let keys: [TenantKey]

    /// All seats in use, and so many waiting.
    init(depth: Int = 100_000) {
        self.depth = depth
        keys = (0..<SchedulerWorld.tenants).map(BenchmarkWorld.key)
        let tiers = [(4_000, 30), (2_000, 30), (0, 40)].map { reserve, share in
            SchedulerSettings.Tier(
                reserveBasisPoints: Int64(reserve), depthMax: depth * share / 100 + 1_000, waitMax: .seconds(3_600))
        }
        scheduler = Scheduler(
            SchedulerSettings(
                tiers: tiers, limitMax: SchedulerWorld.seats, placesMax: depth + 1_000,
                tenantQueuesMax: SchedulerWorld.tenants * 3),
            limit: SchedulerWorld.seats, at: .zero)
        actions.reserveCapacity(16)
        running.reserveCapacity(SchedulerWorld.seats)
        waiting.reserveCapacity(1_024)
        while scheduler.waiting < depth { arrive() }
        precondition(scheduler.inUse == SchedulerWorld.seats, "\(scheduler.inUse) seats in use")
    }

    /// Steps through events: arrivals and ends in turn, now and then one that waited no longer, a tick, another limit.
    @inline(never)
    mutating func run(events: Int) {
        for event in 0..<events {
            now += 400
            if event & 1023 == 1 {
                step(.limit(SchedulerWorld.seats - event >> 10 & 1))
            } else if event & 63 == 2 {
                step(.tick)
            } else if event & 15 == 3, let ticket = waiting.popLast() {
                step(.cancel(ticket))
            } else if scheduler.waiting > depth {
                place = (place + 1) % running.count
                let ticket = running[place]
                running[place] = running[running.count - 1]
                running.removeLast()
                step(.finish(ticket, .completed))
            } else {
                arrive()
            }
        }
    }

    private mutating func arrive() {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        caller += 1
        let tenant = Int(truncatingIfNeeded: random.multipliedFullWidth(by: UInt64(SchedulerWorld.tenants)).high)
        let portion = caller % 10
        step(
            .arrive(
                Arrival(
                    caller: caller, tenant: keys[tenant], tier: portion < 3 ? 0 : portion < 6 ? 1 : 2,
                    weight: tenant & 3 + 1, seats: tenant & 63 == 0 ? 4 : 1)))
    }

    private mutating func step(_ event: SchedulerEvent) {
        scheduler.step(event, at: Nanoseconds(now), into: &actions)
        for action in actions {
            switch action {
            case .start(let ticket, _, _, _): running.append(ticket)
            case .queue(let ticket, let caller): if caller & 7 == 0, waiting.count < 1_024 { waiting.append(ticket) }
            case .refuse, .displace, .expire: break
            }
        }
    }
}
