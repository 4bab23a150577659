import Policy
import Testing
import Vocabulary

/// A policy under construction, by names: for tests of what is derived from snapshots.
struct SnapshotDraft {
    var name = "signing-platform"
    var owner = "platform-reliability"
    /// The tiers that an author names.
    var tiers: [Tier] = []
    var classes: [ClassDraft] = []
    var operations: [OperationDraft] = []
    var plans: [PlanDraft] = []
    var service: CeilingDraft?
    var seats = Seats()
    var regions: [String: CeilingDraft] = [:]
    var unknown = UnknownDraft()
    var repeats = RepeatTreatment()
    var defaultClass = "interactive"
    var stageOrder: [String] = []

    struct ClassDraft {
        var name: String
        var tier: String
        var consequence = Consequence.low
        var owner = "owners"
        var isolated = false
        var governed = false
        var backoff = false
        var mustNotCompete: [String] = []
        var onLimit: TrafficClass.OnLimit?
        var stage = Stage.enforce
        var blackouts: [TrafficClass.Blackout] = []
        var nearMiss = Tier.nearMissStandard
    }

    struct OperationDraft {
        var name: String
        var patterns: [String] = []
        var cost: Int64 = 1
        var seats: Int64 = 1
        var tier: String?
        var trafficClass: String?
        var feature: String?
        var idempotency = Policy.Operation.Idempotency.optional
        var rules: [RuleDraft] = []
    }

    struct RuleDraft: Hashable {
        var conditions: [Policy.Operation.Condition]
        var tier: String?
        var trafficClass: String?
        var cost: Int64?
    }

    struct CeilingDraft {
        var rates: [Rate]
        var burst: Int64
    }

    struct LaneDraft {
        var guarantee: Rate?
        var guaranteeBurst: Int64?
        var ceiling: CeilingDraft?
    }

    struct PlanDraft {
        var name: String
        var tenant: CeilingDraft
        var lanes: [String: LaneDraft] = [:]
        var operations: [String: CeilingDraft] = [:]
        var quotas: [Plan.Quota] = []
        var features: [String] = []
        var weight: Int64 = 1
    }

    struct UnknownDraft {
        var credential = UnknownTreatment.Treatment.block
        var operation = UnknownTreatment.Treatment.quarantine
        var cost: Int64 = 1
        var quarantine = CeilingDraft(rates: [Rate(amount: 10, period: .second)], burst: 10)
    }
}

extension SnapshotDraft {
    /// The snapshot; its version is a digest of the draft.
    func snapshot() throws -> Snapshot {
        let sorted = classes.sorted { $0.name < $1.name }
        let calls = operations.sorted { $0.name < $1.name }
        return Snapshot(
            version: version, name: name, owner: owner, tiers: tiers + [Tier(name: "quarantine", floorBasisPoints: 0)],
            classes: try sorted.map { try lower($0, names: sorted.map(\.name)) },
            operations: try calls.map { try lower($0, classes: sorted.map(\.name)) },
            plans: try plans.sorted { $0.name < $1.name }.map { try lower($0, classes: sorted, operations: calls) },
            regions: try regions.keys.sorted().map { name in
                Region(name: name, budget: try capacity(try #require(regions[name])))
            },
            service: try service.map(capacity), seats: seats,
            unknown: UnknownTreatment(
                credential: unknown.credential, operation: unknown.operation, cost: unknown.cost,
                quarantine: try unknown.quarantine.meter()),
            repeats: repeats,
            defaultClass: try #require(sorted.firstIndex { $0.name == defaultClass }),
            stageOrder: try stageOrder.map { name in try #require(sorted.firstIndex { $0.name == name }) },
            matcher: OperationMatcher())
    }

    private var version: PolicyVersion {
        let hash = KeyedHash(key: (1, 2))
        let text = SnapshotDraft.canonical(self)
        let halves = [hash(text), hash(text + "again")]
        return PolicyVersion(
            digest: halves.flatMap { half in (0..<16).map { UInt8(truncatingIfNeeded: half >> UInt128($0 * 8)) } })
    }

    /// Everything a value holds, as text that does not depend on the order of dictionaries.
    private static func canonical(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        guard !mirror.children.isEmpty else { return "\(value)" }
        let children = mirror.children.map { "\($0.label ?? "")=\(canonical($0.value))" }
        return "(\((mirror.displayStyle == .dictionary ? children.sorted() : children).joined(separator: ",")))"
    }

    private func tierIndex(_ name: String) throws -> Int { try #require(tiers.firstIndex { $0.name == name }) }

    private func lower(_ draft: ClassDraft, names: [String]) throws -> TrafficClass {
        TrafficClass(
            name: draft.name, tier: try tierIndex(draft.tier), consequence: draft.consequence, owner: draft.owner,
            isolated: draft.isolated, governed: draft.governed, advertisesBackoff: draft.backoff,
            mustNotCompete: try draft.mustNotCompete.map { try #require(names.firstIndex(of: $0)) }.sorted(),
            onLimit: draft.onLimit, stage: draft.stage, blackouts: draft.blackouts,
            nearMissBasisPoints: draft.nearMiss)
    }

    private func lower(_ draft: OperationDraft, classes: [String]) throws -> Policy.Operation {
        Operation(
            name: draft.name, patterns: draft.patterns, cost: draft.cost, seats: draft.seats,
            tier: try draft.tier.map(tierIndex),
            trafficClass: try draft.trafficClass.map { try #require(classes.firstIndex(of: $0)) },
            feature: draft.feature, idempotency: draft.idempotency,
            rules: try draft.rules.map { rule in
                Operation.ContextRule(
                    conditions: rule.conditions, tier: try rule.tier.map(tierIndex),
                    trafficClass: try rule.trafficClass.map { try #require(classes.firstIndex(of: $0)) },
                    cost: rule.cost)
            })
    }

    private func lower(_ draft: PlanDraft, classes: [ClassDraft], operations: [OperationDraft]) throws -> Plan {
        let withLane = classes.filter { draft.lanes[$0.name] != nil }
        let requests = try withLane.map { trafficClass in
            let lane = try #require(draft.lanes[trafficClass.name])
            return Budget.LaneRequest(
                guarantee: lane.guarantee, guaranteeBurst: lane.guaranteeBurst, isolated: trafficClass.isolated,
                ceiling: try lane.ceiling?.meter())
        }
        let metered = operations.filter { draft.operations[$0.name] != nil }
        return Plan(
            name: draft.name,
            tenant: try Budget(rates: draft.tenant.rates, burst: draft.tenant.burst, lanes: requests),
            laneOfClass: classes.map { lane in withLane.firstIndex { $0.name == lane.name } ?? -1 },
            operationMeters: try metered.map { try #require(draft.operations[$0.name]).meter() },
            meterOfOperation: operations.map { call in metered.firstIndex { $0.name == call.name } ?? -1 },
            quotas: draft.quotas, features: draft.features.sorted(),
            weight: draft.weight)
    }

    /// A budget whose lanes are the tiers, quarantine included.
    private func capacity(_ ceiling: CeilingDraft) throws -> Budget {
        let baseline = ceiling.rates[0]
        let lanes = tiers.map { tier in
            Budget.LaneRequest(
                guarantee: tier.reserveBasisPoints == 0
                    ? nil : baseline.share(tier.reserveBasisPoints),
                guaranteeBurst: ceiling.burst * tier.reserveBasisPoints / 10_000,
                holdbackBasisPoints: tier.holdbackBasisPoints)
        }
        let quarantine = Budget.LaneRequest(holdbackBasisPoints: tiers.last?.holdbackBasisPoints ?? 0)
        return try Budget(rates: ceiling.rates, burst: ceiling.burst, lanes: lanes + [quarantine])
    }
}

extension SnapshotDraft.CeilingDraft {
    /// The same ceiling in all envelopes.
    init(_ amount: Int64, per period: Nanoseconds = .second, burst: Int64? = nil) {
        self.init(rates: [Rate(amount: amount, period: period)], burst: burst ?? amount)
    }

    func meter() throws -> Meter { try #require(Meter(rate: rates[0], burst: burst)) }
}

extension Rate {
    /// A share of the rate in hundredths of a percent, exact.
    fileprivate func share(_ basisPoints: Int64) -> Rate {
        let divisor = greatestCommonDivisor(amount * basisPoints, 10_000)
        return Rate(amount: amount * basisPoints / divisor, period: Nanoseconds(period.count * (10_000 / divisor)))
    }
}
