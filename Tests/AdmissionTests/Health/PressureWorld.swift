import Admission
import AdmissionTestSupport
import Vocabulary

/// A way to set the admission threshold by what windows show.
protocol PressureAlgorithm {
    mutating func threshold(
        after window: PressureWindow, _ demand: Demand, at now: Nanoseconds
    ) -> AdmissionThreshold
}

/// What happens to an upstream, and who asks how much; times in nanoseconds.
struct PressureTrace: Sendable {
    var name: String
    var seconds: Int64 = 60
    /// Requests per second.
    var load: @Sendable (Int64) -> Double
    /// The mean service time of one worker.
    var service: @Sendable (Int64) -> Double
    var workers: @Sendable (Int64) -> Int
    /// How many tenants there are in each tier.
    var tenants = 40
    /// How much of a tier's load the first of its tenants brings.
    var noise = 0.0
    /// How often a request that was refused is made again, after the time that it was told.
    var retries = 0
    var hasQueues = true

    static let ms = 1e6

    /// The traces of the ceiling (`CeilingTrace`), and three of who asks.
    static let all: [PressureTrace] =
        CeilingTrace.all.map { trace in
            PressureTrace(
                name: trace.name, load: { trace.load(Double($0) / ms) },
                service: { trace.service(Double($0) / ms) * ms },
                workers: { trace.workers(Double($0) / ms) })
        } + [
            PressureTrace(
                name: "steady, half too much", load: { _ in 2_400 }, service: { _ in 10 * ms }, workers: { _ in 16 }),
            PressureTrace(
                name: "one noisy tenant", load: { _ in 2_400 }, service: { _ in 10 * ms }, workers: { _ in 16 },
                noise: 0.7),
            PressureTrace(
                name: "retry storm", load: { _ in 1_900 }, service: { _ in 10 * ms }, workers: { _ in 16 },
                retries: 4),
            PressureTrace(
                name: "no queues", load: { _ in 2_400 }, service: { _ in 10 * ms }, workers: { _ in 16 },
                hasQueues: false),
        ]
}

/// One run: tenants in three tiers, the scheduler with its ceiling, a threshold, an upstream.
struct PressureWorld: ~Copyable {
    /// What came of it, from five seconds on.
    struct Outcome: Sendable {
        /// Of what the upstream could have done for what was asked.
        var goodput = 0.0
        /// Of what was asked: refused after a wait.
        var late = 0.0
        /// Time waited in vain, as a share of all time waited.
        var vain = 0.0
        /// Waits of what ran, by tier, in milliseconds.
        var wait99: [Double] = []
        var wait50: [Double] = []
        /// Of ten requests in a row of a tenant, in the tiers that had to give way: all ran, of what could have.
        var whole = 0.0
        /// Jain's index of the shares that tenants of the last tier had served.
        var fairness = 1.0
        /// Of the tenants but the first in the middle tier: the share served.
        var quiet = 0.0
        /// Served by tier.
        var served: [Double] = []
        /// Refused inside their reserve by the threshold; never any.
        var broken = 0
        /// Moves of the threshold.
        var moves = 0
    }

    private struct Request {
        var tenant: Int
        var tier: Int
        var since: Int64
        var retriesLeft: Int
    }

    private static let warmUp: Int64 = 5_000_000_000
    private let trace: PressureTrace
    private var random: SeededGenerator
    private var scheduler: Scheduler
    private var ceiling: ConcurrencyCeiling
    private var meter: PressureMeter
    private var requests: [Request] = []
    private var tickets: [Ticket?] = []
    private var starts: [Int64] = []
    private var free: [Int64]
    private var ends: [(time: Int64, request: Int)] = []
    private var again: [(time: Int64, request: Request)] = []
    private var running = 0
    private var now: Int64 = 0
    private var actions: [SchedulerAction] = []
    private var waits: [[Int64]] = [[], [], []]
    private var offered: [[Int]]
    private var done: [[Int]]
    private var tens: [[(count: Int, served: Int)]]
    private var (wholeTens, allTens) = (0, 0)
    private var (vainTime, waitTime) = (Int64(0), Int64(0))
    private var (lateCount, askedCount, doneCount) = (0, 0, 0)
    private var outcome = Outcome()

    init(_ trace: PressureTrace, seed: UInt64) {
        self.trace = trace
        random = SeededGenerator(seed: seed)
        let depth = trace.hasQueues ? 200 : 0
        let settings = SchedulerSettings(
            tiers: [
                .init(reserveBasisPoints: 4_000, depthMax: depth, waitMax: .milliseconds(200)),
                .init(reserveBasisPoints: 2_000, depthMax: depth, waitMax: .milliseconds(500)),
                .init(depthMax: depth, waitMax: .milliseconds(2_000)),
            ], limitMax: 1_000, placesMax: 10_000)
        ceiling = ConcurrencyCeiling(.init(limitMin: 4, limitMax: 1_000, limitFirst: 32), at: .zero)
        scheduler = Scheduler(settings, limit: ceiling.limit, at: .zero)
        meter = PressureMeter(tierCount: 3, at: .zero)
        free = [Int64](repeating: 0, count: 16)
        offered = [[Int]](repeating: [Int](repeating: 0, count: trace.tenants), count: 3)
        done = offered
        tens = [[(count: Int, served: Int)]](
            repeating: [(count: Int, served: Int)](repeating: (0, 0), count: trace.tenants), count: 3)
    }

    private mutating func exponential(_ mean: Double) -> Double {
        -mean * Double.random(in: 1e-9..<1, using: &random).logarithm
    }

    static func run(_ trace: PressureTrace, _ algorithm: some PressureAlgorithm, seed: UInt64) -> Outcome {
        var world = PressureWorld(trace, seed: seed)
        return world.run(algorithm)
    }

    private mutating func run(_ algorithm: some PressureAlgorithm) -> Outcome {
        var algorithm = algorithm
        var possible = 0.0
        var nextArrival: Int64 = 0
        var threshold = AdmissionThreshold.open
        while now < trace.seconds * 1_000_000_000 {
            let deadline = scheduler.nextDeadline?.count ?? .max
            let retry = again.last?.time ?? .max
            let end = ends.last?.time ?? .max
            let next = min(nextArrival, deadline, retry, end)
            if next > PressureWorld.warmUp {
                possible +=
                    Double(next - max(now, PressureWorld.warmUp)) / 1e9
                    * min(trace.load(now), Double(trace.workers(now)) * 1e9 / trace.service(now))
            }
            let isOver = meter.advance(
                to: Nanoseconds(next), inUse: scheduler.inUse, limit: scheduler.limit, waiting: scheduler.waiting)
            now = next
            if isOver {
                let window = meter.endingWindow(watching: scheduler)
                let newer = algorithm.threshold(after: window, meter.demand, at: Nanoseconds(now))
                meter.begin()
                if newer != threshold {
                    if now > PressureWorld.warmUp, newer.rotation == threshold.rotation { outcome.moves += 1 }
                    threshold = newer
                    step(.threshold(newer))
                }
            }
            if next == end {
                finish()
            } else if next == retry, let request = again.popLast()?.request {
                ask(request)
            } else if next == deadline {
                step(.tick)
            } else {
                nextArrival = now + max(1, Int64(exponential(1e9 / trace.load(now))))
                // A fifth is critical, two fifths each are the others.
                let tier = [0, 1, 1, 2, 2][Int.random(in: 0..<5, using: &random)]
                let isNoise = tier > 0 && Double.random(in: 0..<1, using: &random) < trace.noise
                let tenant = isNoise ? 0 : Int.random(in: 0..<trace.tenants, using: &random)
                ask(Request(tenant: tenant, tier: tier, since: now, retriesLeft: trace.retries))
            }
        }
        return conclude(possible)
    }

    private var isCounted: Bool { now > PressureWorld.warmUp }

    private mutating func ask(_ request: Request) {
        var request = request
        request.since = now
        requests.append(request)
        tickets.append(nil)
        starts.append(0)
        let key = TenantKey(
            bits: UInt128(request.tenant &* 0x9E37 &+ request.tier &* 77 &+ 1)
                &* 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
        let isInside = scheduler.isInside(request.tier, with: 1)
        if isCounted { offered[request.tier][request.tenant] += 1; askedCount += 1 }
        let reason = step(
            .arrive(Arrival(caller: UInt64(requests.count - 1), tenant: key, tier: request.tier)))
        if isInside, reason == .overloadProtection { outcome.broken += 1 }
        meter.noteArrival(1, of: key, tier: request.tier, isInside: isInside)
    }

    @discardableResult
    private mutating func step(_ event: SchedulerEvent) -> Reason? {
        scheduler.step(event, at: Nanoseconds(now), into: &actions)
        var refusal: Reason?
        for action in actions {
            switch action {
            case .start(let ticket, let caller, let seats, let waited):
                meter.noteStart(seats)
                tickets[Int(caller)] = ticket
                let request = requests[Int(caller)]
                if isCounted {
                    waits[request.tier].append(waited.count)
                    waitTime += waited.count
                    done[request.tier][request.tenant] += 1
                }
                note(request, isServed: true)
                begin(Int(caller))
            case .queue: break
            case .refuse(let caller, let reason, let retryAfter):
                refusal = reason
                refuse(Int(caller), retryAfter)
            case .displace(_, let caller, _, let retryAfter), .expire(_, let caller, let retryAfter):
                meter.noteLate()
                if isCounted {
                    lateCount += 1
                    vainTime += now - requests[Int(caller)].since
                    waitTime += now - requests[Int(caller)].since
                }
                refuse(Int(caller), retryAfter)
            }
        }
        return refusal
    }

    private mutating func note(_ request: Request, isServed: Bool) {
        guard isCounted, request.tier > 0 else { return }
        tens[request.tier][request.tenant].count += 1
        if isServed { tens[request.tier][request.tenant].served += 1 }
        guard tens[request.tier][request.tenant].count == 10 else { return }
        allTens += 1
        if tens[request.tier][request.tenant].served == 10 { wholeTens += 1 }
        tens[request.tier][request.tenant] = (0, 0)
    }

    private mutating func refuse(_ index: Int, _ retryAfter: Nanoseconds) {
        var request = requests[index]
        note(request, isServed: false)
        guard request.retriesLeft > 0 else { return }
        request.retriesLeft -= 1
        let time = now + retryAfter.count + Int64(exponential(Double(retryAfter.count) / 4))
        let place = again.firstIndex { $0.time < time } ?? again.count
        again.insert((time, request), at: place)
    }

    private mutating func begin(_ index: Int) {
        let workers = trace.workers(now)
        var worker = 0
        for other in 1..<workers where free[other] < free[worker] { worker = other }
        running += 1
        starts[index] = now
        let contention = 1 + 0.005 * Double(max(0, running - workers))
        let service = trace.service(now) * contention
        free[worker] = max(now, free[worker]) + Int64(service / 2 + exponential(service / 2))
        let place = ends.firstIndex { $0.time < free[worker] } ?? ends.count
        ends.insert((free[worker], index), at: place)
    }

    private mutating func finish() {
        guard let (_, index) = ends.popLast(), let ticket = tickets[index] else { return }
        running -= 1
        if isCounted { doneCount += 1 }
        // What the ceiling sees is how long the upstream took.
        let began = Nanoseconds(starts[index])
        if ceiling.note(
            latency: Nanoseconds(now) - began, inFlight: scheduler.inUse, isFailure: false, at: Nanoseconds(now))
        {
            if ceiling.limit != scheduler.limit { step(.limit(ceiling.limit)) }
        }
        step(.finish(ticket, .completed))
    }

    private mutating func conclude(_ possible: Double) -> Outcome {
        outcome.goodput = Double(doneCount) / possible
        outcome.late = Double(lateCount) / Double(max(1, askedCount))
        outcome.vain = Double(vainTime) / Double(max(1, waitTime))
        for tier in 0..<3 {
            let sorted = waits[tier].sorted()
            outcome.wait99.append(sorted.isEmpty ? 0 : Double(sorted[sorted.count * 99 / 100]) / 1e6)
            outcome.wait50.append(sorted.isEmpty ? 0 : Double(sorted[sorted.count / 2]) / 1e6)
            outcome.served.append(Double(done[tier].reduce(0, +)) / Double(max(1, offered[tier].reduce(0, +))))
        }
        let served = Double(done[1].reduce(0, +) + done[2].reduce(0, +))
        let asked = Double(offered[1].reduce(0, +) + offered[2].reduce(0, +))
        outcome.whole = Double(wholeTens) / (Double(max(1, allTens)) * served / max(1, asked))
        let shares = (0..<trace.tenants).map { Double(done[2][$0]) / Double(max(1, offered[2][$0])) }
        let squares = shares.reduce(0) { $0 + $1 * $1 }
        let sum = shares.reduce(0, +)
        outcome.fairness = squares > 0 ? sum * sum / (Double(shares.count) * squares) : 1
        outcome.quiet =
            Double(done[1].dropFirst().reduce(0, +)) / Double(max(1, offered[1].dropFirst().reduce(0, +)))
        return outcome
    }
}
