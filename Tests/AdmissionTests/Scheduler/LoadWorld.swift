import Admission
import AdmissionTestSupport
import Vocabulary

/// Tenants that keep a scheduler busy, and an upstream that takes its time.
struct LoadWorld: ~Copyable {
    /// One tenant in one tier.
    struct Tenant {
        var tier: Int
        var weight: Int
        /// How long its requests run on average.
        var duration: Int64
        var seats = 1
        /// The time between its requests; `nil`: there are always some waiting.
        var interval: Int64?
        /// Seat time it has used, requests it has started.
        var used: Int64 = 0
        var started = 0
        var nextArrival: Int64 = 0
        var waiting = 0
    }

    var subject: Subject
    var tenants: [Tenant]
    var random: SeededGenerator
    private let lastTier: Int
    private var caller: UInt64 = 0
    private var owners: [UInt64: Int] = [:]
    private var ends: [(time: Int64, caller: UInt64)] = []
    /// How many have started.
    var startedCount = 0
    /// How many others have started in a row at most while the last tier held nothing.
    var passedMax = 0
    private var passed = 0

    init(_ settings: SchedulerSettings, limit: Int, tenants: [Tenant], seed: UInt64) {
        subject = Subject(settings, limit: limit)
        self.tenants = tenants
        lastTier = settings.tiers.count - 1
        random = SeededGenerator(seed: seed)
    }

    /// Runs until a moment.
    mutating func run(until end: Int64) {
        while true {
            for index in tenants.indices where tenants[index].interval == nil {
                while tenants[index].waiting < 4 { arrive(index) }
            }
            let next = ends.indices.min { ends[$0].time < ends[$1].time }
            let arrival = tenants.indices.filter { tenants[$0].interval != nil }
                .min { tenants[$0].nextArrival < tenants[$1].nextArrival }
            let endTime = next.map { ends[$0].time } ?? .max
            let arrivalTime = arrival.map { tenants[$0].nextArrival } ?? .max
            guard min(endTime, arrivalTime) < end else { return }
            subject.now = max(subject.now, min(endTime, arrivalTime))
            if let arrival, arrivalTime <= endTime {
                let interval = tenants[arrival].interval ?? 1
                tenants[arrival].nextArrival += Int64.random(in: 0...(2 * interval), using: &random)
                arrive(arrival)
            } else if let next {
                let caller = ends[next].caller
                ends.swapAt(next, ends.count - 1)
                ends.removeLast()
                note(subject.step(.finish(caller, .completed)))
            }
        }
    }

    private mutating func arrive(_ index: Int) {
        caller += 1
        owners[caller] = index
        tenants[index].waiting += 1
        let tenant = tenants[index]
        note(subject.arrive(caller, tenant: index, tier: tenant.tier, weight: tenant.weight, seats: tenant.seats))
    }

    private mutating func note(_ answers: [Answer]) {
        for answer in answers {
            switch answer {
            case .start(let caller, let seats, _):
                guard let owner = owners[caller] else { continue }
                let duration = Int64.random(in: 0...(2 * tenants[owner].duration), using: &random)
                ends.append((subject.now + duration, caller))
                tenants[owner].used += duration * Int64(seats)
                tenants[owner].started += 1
                tenants[owner].waiting -= 1
                startedCount += 1
                passed = subject.scheduler.inUse(tier: lastTier) > 0 ? 0 : passed + 1
                passedMax = max(passedMax, passed)
            case .refuse(let caller, _, _), .displace(let caller, _, _), .expire(let caller, _):
                if let owner = owners[caller] { tenants[owner].waiting -= 1 }
            case .queue: break
            }
        }
    }
}

/// The max-min fair allocation of a capacity: who wants less than its share by weight gets that, the others share the
/// rest by their weights.
func maxMin(capacity: Double, demands: [(weight: Double, most: Double)]) -> [Double] {
    var allocation = [Double](repeating: 0, count: demands.count)
    var open = Array(demands.indices)
    var rest = capacity
    while !open.isEmpty {
        let level = rest / open.reduce(0) { $0 + demands[$1].weight }
        let content = open.filter { demands[$0].most <= level * demands[$0].weight }
        guard !content.isEmpty else {
            for index in open { allocation[index] = level * demands[index].weight }
            break
        }
        for index in content {
            allocation[index] = demands[index].most
            rest -= demands[index].most
        }
        open.removeAll { content.contains($0) }
    }
    return allocation
}
