import Admission
import AdmissionTestSupport
import Policy
import Vocabulary

/// One tier, ten seats and a few tenants that ask for more than there is, with what a policy sets about the threshold.
struct FewTenantsWorld: ~Copyable {
    /// What one tenant has come to.
    struct Share: Sendable {
        /// How often it asked.
        var asked = 0
        /// The seat time that it was given.
        var seatTime: Int64 = 0
        /// How often it was refused, at once or after a wait.
        var refused = 0
    }

    /// Requests a second of each tenant; the seats give 200 a second.
    private let loads: [Double]
    private let seats: Seats
    private var scheduler: Scheduler
    private var pressure: AdmissionPressure
    private var random: SeededGenerator
    private var now = Nanoseconds.zero
    private var actions: [SchedulerAction] = []
    private var tenants: [Int] = []
    private var ends: [(time: Int64, ticket: Ticket)] = []
    private(set) var shares: [Share]

    private static let limit = 10

    private init(_ loads: [Double], _ seats: Seats, seed: UInt64) {
        self.loads = loads
        self.seats = seats
        random = SeededGenerator(seed: seed)
        let queue = (depth: 100, wait: Nanoseconds.seconds(2))
        let settings = SchedulerSettings(
            tiers: [
                .init(reserveBasisPoints: 4_000, depthMax: queue.depth, waitMax: queue.wait),
                .init(reserveBasisPoints: 2_000, depthMax: queue.depth, waitMax: queue.wait),
            ], limitMax: Self.limit, placesMax: 1_000)
        scheduler = Scheduler(settings, limit: Self.limit, at: .zero)
        pressure = AdmissionPressure(tierCount: 2, isControlling: seats.hasThreshold, at: .zero)
        shares = [Share](repeating: Share(), count: loads.count)
    }

    /// What each tenant has come to after so many seconds.
    static func run(_ loads: [Double], _ seats: Seats = Seats(), seconds: Int64, seed: UInt64) -> [Share] {
        var world = FewTenantsWorld(loads, seats, seed: seed)
        var arrivals = loads.map { world.exponential(1e9 / $0) }
        while world.now < .seconds(seconds) {
            let tenant = arrivals.indices.min { arrivals[$0] < arrivals[$1] } ?? 0
            let end = world.ends.last?.time ?? .max
            let deadline = world.scheduler.nextDeadline?.count ?? .max
            let next = min(arrivals[tenant], end, deadline)
            world.advance(to: Nanoseconds(next))
            if next == end, let ended = world.ends.popLast() {
                world.step(.finish(ended.ticket, .completed))
            } else if next == deadline {
                world.step(.tick)
            } else {
                arrivals[tenant] += world.exponential(1e9 / loads[tenant])
                world.ask(tenant)
            }
        }
        return world.shares
    }

    private mutating func exponential(_ mean: Double) -> Int64 {
        max(1, Int64(-mean * Double.random(in: 1e-9..<1, using: &random).logarithm))
    }

    private mutating func advance(to time: Nanoseconds) {
        now = time
        let isOver = pressure.advance(
            to: time, inUse: scheduler.inUse, limit: scheduler.limit, waiting: scheduler.waiting)
        if isOver, pressure.endWindow(at: time, watching: scheduler) { step(.threshold(pressure.threshold)) }
    }

    private mutating func ask(_ tenant: Int) {
        shares[tenant].asked += 1
        tenants.append(tenant)
        let arrival = Arrival(caller: UInt64(tenants.count - 1), tenant: .numbered(tenant), tier: 1)
        let isInside = scheduler.isInside(1, with: 1)
        step(.arrive(arrival))
        pressure.noteArrival(arrival, isInside: isInside)
    }

    private mutating func step(_ event: SchedulerEvent) {
        scheduler.step(event, at: now, into: &actions)
        for action in actions {
            pressure.note(action)
            switch action {
            case .start(let ticket, let caller, _, _):
                let service = 25_000_000 + exponential(25e6)
                shares[tenants[Int(caller)]].seatTime += service
                let time = now.count + service
                ends.insert((time, ticket), at: ends.firstIndex { $0.time < time } ?? ends.count)
            case .queue: break
            case .refuse(let caller, _, _), .displace(_, let caller, _, _), .expire(_, let caller, _):
                shares[tenants[Int(caller)]].refused += 1
            }
        }
    }
}
