import Admission
import AllocationCounter
import Policy
import Vocabulary

/// Measures the engine alone: nanoseconds, allocations and bytes per decision and tenant.
///
/// Each row decides over five levels (service, region, tenant, class, operation) with a quota, one after another for
/// random tenants. The median of several rounds is printed. `--gate` prints nothing but a verdict on what does not
/// depend on the machine's speed: allocations and bytes.
@main
struct AdmissionBenchmark {
    static func main() throws {
        let isGate = CommandLine.arguments.contains("--gate")
        if !isGate {
            print("| case | tenants | ns per decision | allocations per decision | bytes per tenant |")
            print("|---|--:|--:|--:|--:|")
        }
        var worst = (allocations: 0.0, bytes: 0.0)
        for tenants in isGate ? [100_000] : [1_000, 100_000, 1_000_000] {
            let load = try Load(tenants: tenants)
            for kind in Load.Kind.allCases {
                let row = load.measure(kind, decisions: isGate ? 20_000 : 1_000_000, rounds: isGate ? 1 : 5)
                worst.allocations = max(worst.allocations, row.allocations)
                worst.bytes = max(worst.bytes, row.bytes)
                guard !isGate else { continue }
                print("| \(kind.rawValue) | \(tenants) | \(row.nanoseconds) | \(row.allocations) | \(Int(row.bytes)) |")
            }
        }
        guard isGate else { return }
        print("allocations per decision: \(worst.allocations); bytes per tenant with five classes: \(Int(worst.bytes))")
        guard worst.allocations == 0, worst.bytes <= 600 else { throw Failure.gate }
    }

    enum Failure: Error { case gate }
}

/// A world of tenants and the decisions to make in it.
final class Load {
    /// Which decisions are made.
    enum Kind: String, CaseIterable {
        case admitted = "admitted, random tenants"
        case hot = "admitted, one hot tenant"
        case refused = "refused, random tenants"
    }

    /// What was measured.
    struct Row {
        var nanoseconds: Int
        var allocations: Double
        var bytes: Double
    }

    let engine: AdmissionEngine
    let keys: [TenantKey]
    private var now: Int64 = 0
    private let wall = WallTime(milliseconds: 1_795_000_000_000)

    init(tenants: Int) throws {
        engine = AdmissionEngine(snapshot: try Load.snapshot(), at: .zero)
        let hash = KeyedHash(key: (1, 2))
        keys = (0..<tenants).map { TenantKey(bits: hash("tenant-\($0)")) }
        for key in keys { _ = decide(key, cost: 1) }
    }

    /// Four tiers, five classes with guarantees, an operation budget and a month's quota; ceilings out of reach.
    static func snapshot() throws -> Snapshot {
        let much = Rate(amount: 1_000_000_000, period: .second)
        let tiers: [Budget.LaneRequest] = [4, 2, 0, 0].map {
            .init(guarantee: $0 > 0 ? Rate(amount: 100_000_000 * $0, period: .second) : nil)
        }
        let classes: [Budget.LaneRequest] = (1...5).map {
            .init(guarantee: Rate(amount: Int64($0) * 1_000, period: .second), isolated: $0 == 5)
        }
        guard let meter = Meter(rate: Rate(amount: 1_000_000, period: .second), burst: 1_000_000) else {
            throw AdmissionBenchmark.Failure.gate
        }
        let plan = Plan(
            name: "plan",
            tenant: try Budget(rates: [Rate(amount: 100_000, period: .second)], burst: 100_000, lanes: classes),
            laneOfClass: Array(0..<5), operationMeters: [meter], meterOfOperation: [0],
            quotas: [.init(unit: .requests, amount: 1_000_000_000, period: .month)])
        return Snapshot(
            version: PolicyVersion(digest: [UInt8](repeating: 1, count: 32)), name: "benchmark", owner: "benchmark",
            tiers: ["critical", "business", "best-effort", "quarantine"].map { Tier(name: $0) },
            classes: (0..<5).map {
                TrafficClass(name: "class-\($0)", tier: $0 % 3, consequence: .low, owner: "benchmark")
            },
            operations: [Operation(name: "operation")], plans: [plan],
            regions: [Region(name: "here", budget: try Budget(rates: [much], burst: 1_000_000_000, lanes: tiers))],
            service: try Budget(rates: [much], burst: 1_000_000_000, lanes: tiers),
            unknown: UnknownTreatment(credential: .block, operation: .quarantine, cost: 1, quarantine: meter),
            defaultClass: 0, matcher: OperationMatcher())
    }

    @inline(never)
    private func decide(_ key: TenantKey, cost: Int64) -> Bool {
        let request = AdmissionRequest(
            tenant: key, plan: 0, operation: 0, trafficClass: Int(truncatingIfNeeded: key.bits & 3), tier: 1, region: 0,
            cost: cost)
        var verdict = Verdict()
        let moment = Moment(monotonic: Nanoseconds(now), wall: wall)
        guard engine.decide(request, with: engine.blueprint, at: moment, into: &verdict) else { return false }
        return verdict.isAdmitted
    }

    func measure(_ kind: Kind, decisions: Int, rounds: Int) -> Row {
        var times: [Int] = []
        var allocations = 0.0
        var random: UInt64 = 88_172_645_463_325_252
        for round in 0...rounds {
            var admitted = 0
            let before = headgate_allocation_count()
            let clock = ContinuousClock()
            let start = clock.now
            for _ in 0..<decisions {
                random ^= random << 13
                random ^= random >> 7
                random ^= random << 17
                let index = kind == .hot ? 0 : Int(random % UInt64(keys.count))
                now += 20_000  // 50,000 decisions per second
                if decide(keys[index], cost: kind == .refused ? 60_000 : 1) { admitted += 1 }
            }
            let elapsed = clock.now - start
            let count = headgate_allocation_count() - before
            precondition(kind == .refused || admitted == decisions, "\(admitted) of \(decisions) admitted")
            guard round > 0 || rounds == 1 else { continue }  // the first round warms up
            times.append(Int(elapsed / .nanoseconds(1)) / decisions)
            allocations = max(allocations, Double(count) / Double(decisions))
        }
        return Row(
            nanoseconds: times.sorted()[times.count / 2], allocations: allocations,
            bytes: Double(engine.byteCount) / Double(engine.tenantCount))
    }
}
