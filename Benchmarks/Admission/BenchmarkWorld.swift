import Admission
import Policy
import Vocabulary

/// The engine that is measured, its tenants, and the requests they make.
///
/// Five levels: service, region, tenant, class and operation, and a quota; four tiers, five classes.
final class BenchmarkWorld: Sendable {
    let engine: AdmissionEngine
    let tenants: Int
    private let names: [String]
    private let hash = KeyedHash(key: (1, 2))

    /// An engine that knows so many tenants.
    init(tenants: Int, isNamed: Bool = false) throws {
        engine = AdmissionEngine(snapshot: try BenchmarkWorld.snapshot(), at: .zero)
        self.tenants = tenants
        names = isNamed ? (0..<tenants).map { "tenant-\($0)" } : []
        for index in 0..<tenants {
            let key = isNamed ? named(index) : BenchmarkWorld.key(index)
            // What the refused path will miss: the isolated class has 5 of its 50 left for the next minute.
            var verdict = Verdict()
            decide(key, at: 0, cost: 45, trafficClass: 4, with: engine.blueprint, into: &verdict)
            precondition(verdict.isAdmitted)
        }
    }

    /// A key as a directory holds it, from a number: spread over all bits, and nothing to fetch from memory.
    static func key(_ index: Int) -> TenantKey {
        func mixed(_ seed: UInt64) -> UInt64 {
            var word = seed &* 0x9E37_79B9_7F4A_7C15
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
        let number = UInt64(index) + 1
        return TenantKey(bits: UInt128(mixed(number)) << 64 | UInt128(mixed(~number)))
    }

    /// A key made from a name, as a server does that is told names.
    func named(_ index: Int) -> TenantKey { TenantKey(bits: hash(names[index])) }

    /// Decides one request.
    @inline(never)
    func decide(
        _ key: TenantKey, at now: Int64, cost: Int64, trafficClass: Int, with blueprint: Blueprint,
        into verdict: inout Verdict
    ) {
        let request = AdmissionRequest(
            tenant: key, plan: 0, operation: 0, trafficClass: trafficClass, tier: 1, region: 0, cost: cost)
        let moment = Moment(monotonic: Nanoseconds(now), wall: WallTime(milliseconds: 1_795_000_000_000))
        if !engine.decide(request, with: blueprint, at: moment, into: &verdict) { verdict.isAdmitted = false }
    }

    /// The policy; a burst of another size makes another snapshot, to which every tenant has to be carried over.
    static func snapshot(tenantBurst: Int64 = 100_000_000) throws -> Snapshot {
        let much = Rate(amount: 1_000_000_000, period: .second)
        let tiers: [Budget.LaneRequest] = [4, 2, 0, 0].map {
            .init(guarantee: $0 > 0 ? Rate(amount: 100_000_000 * $0, period: .second) : nil)
        }
        let classes: [Budget.LaneRequest] = (1...4).map {
            .init(guarantee: Rate(amount: Int64($0) * 1_000, period: .second))
        }
        let isolated = Budget.LaneRequest(
            guarantee: Rate(amount: 1, period: .second), guaranteeBurst: 50, isolated: true)
        guard let meter = Meter(rate: Rate(amount: 100_000_000, period: .second), burst: 100_000_000) else {
            throw AdmissionBenchmark.Failure.policy
        }
        let plan = Plan(
            name: "plan",
            tenant: try Budget(
                rates: [Rate(amount: 100_000_000, period: .second)], burst: tenantBurst, lanes: classes + [isolated]),
            laneOfClass: Array(0..<5), operationMeters: [meter], meterOfOperation: [0],
            quotas: [.init(unit: .requests, amount: 1 << 50, period: .month)])
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
}
