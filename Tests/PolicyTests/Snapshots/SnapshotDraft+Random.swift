import Policy
import Vocabulary

extension SnapshotDraft {
    /// A policy of any shape, the same for the same seed.
    ///
    /// Names overlap between seeds, so that two of them can be compared.
    static func drawn(seed: UInt64) -> SnapshotDraft {
        var random = MatchingRandom(seed: seed)
        var draft = SnapshotDraft()
        draft.tiers = tiers(&random)
        draft.classes = classes(draft.tiers.map(\.name), &random)
        draft.defaultClass = random.pick(draft.classes).name
        draft.stageOrder = draft.classes.map(\.name).shuffled(using: &random).filter { _ in random.chance(50) }
        draft.operations = operations(draft.tiers.map(\.name), draft.classes.map(\.name), &random)
        draft.plans = ["basic", "growth", "starter"].filter { _ in random.chance(70) }
            .map { plan($0, draft.classes.map(\.name), draft.operations.map(\.name), &random) }
        if random.chance(75) { draft.service = ceiling(1_000...9_000, &random) }
        for region in ["east", "west"] where random.chance(40) { draft.regions[region] = ceiling(500...900, &random) }
        draft.seats = random.pick([Seats(), Seats(limit: .fixed(50)), Seats(limit: .fixed(80), waitingMax: 5)])
        draft.unknown.credential = random.pick([.block, .quarantine])
        draft.unknown.operation = random.pick([.block, .quarantine])
        draft.unknown.cost = Int64.random(in: 1...3, using: &random)
        return draft
    }

    private static func tiers(_ random: inout MatchingRandom) -> [Tier] {
        let names = ["critical", "business", "bulk", "best-effort"].filter { _ in random.chance(75) }
        return (names.isEmpty ? ["only"] : names).shuffled(using: &random).map { name in
            Tier(
                name: name, reserveBasisPoints: random.pick([0, 0, 500, 1_000, 2_500]),
                holdbackBasisPoints: random.pick([0, 1_000, 5_000]),
                concurrencyBasisPoints: random.chance(30) ? 2_000 : nil,
                keptBasisPoints: random.pick([nil, nil, 2_500]), floorBasisPoints: random.pick([nil, nil, 0, 500]),
                tenantShareBasisPoints: random.pick([nil, nil, 2_500]),
                queue: random.chance(50) ? .init(depthMax: random.pick([10, 20]), waitMax: .seconds(1)) : nil,
                latency: random.chance(50) ? [.init(permille: random.pick([500, 999]), below: .milliseconds(9))] : [])
        }
    }

    private static func classes(_ tiers: [String], _ random: inout MatchingRandom) -> [ClassDraft] {
        ["interactive", "integration", "repair", "recovery"].filter { _ in random.chance(80) }.map { name in
            ClassDraft(
                name: name, tier: random.pick(tiers), consequence: random.pick(Consequence.allCases),
                owner: random.pick(["web", "support"]), isolated: random.chance(30), governed: random.chance(30),
                backoff: random.chance(30),
                onLimit: random.chance(50) ? .init(reschedule: .seconds(random.pick([30, 60]))) : nil,
                stage: random.pick(Stage.allCases),
                blackouts: random.chance(30)
                    ? [.init(startMinute: random.pick([0, 10_000]), endMinute: 600, stage: .observe)] : [])
        } + [ClassDraft(name: "zzz", tier: random.pick(tiers))]
    }

    private static func operations(
        _ tiers: [String], _ classes: [String], _ random: inout MatchingRandom
    ) -> [OperationDraft] {
        (0..<8).filter { _ in random.chance(75) }.map { number in
            OperationDraft(
                name: "operation-\(number)",
                patterns: random.chance(80) ? ["GET /\(random.pick(["a", "b", "c"]))/\(number)"] : [],
                cost: random.chance(30) ? Int64.random(in: 1...50, using: &random) : 1,
                seats: random.pick([1, 1, 4]),
                tier: random.chance(60) ? random.pick(tiers) : nil,
                trafficClass: random.chance(40) ? random.pick(classes) : nil,
                feature: random.chance(20) ? "webhooks" : nil, idempotency: random.pick([.none, .optional, .required]),
                rules: (0..<Int.random(in: 0...4, using: &random)).map { _ in rule(tiers, classes, &random) })
        }
    }

    private static func rule(_ tiers: [String], _ classes: [String], _ random: inout MatchingRandom) -> RuleDraft {
        let attributes = ["stage", "kind"].filter { _ in random.chance(60) }
        return RuleDraft(
            conditions: attributes.map { attribute in
                let values = ["a", "b", "c"].filter { _ in random.chance(50) }
                return .init(attribute: attribute, values: values.isEmpty ? ["a"] : values)
            },
            tier: random.chance(60) ? random.pick(tiers) : nil,
            trafficClass: random.chance(30) ? random.pick(classes) : nil, cost: random.chance(30) ? 7 : nil)
    }

    private static func plan(
        _ name: String, _ classes: [String], _ operations: [String], _ random: inout MatchingRandom
    ) -> PlanDraft {
        var plan = PlanDraft(name: name, tenant: ceiling(200...400, &random))
        for trafficClass in classes where random.chance(60) {
            plan.lanes[trafficClass] = LaneDraft(
                guarantee: random.chance(70) ? Rate(amount: random.pick([5, 10, 20]), period: .second) : nil,
                ceiling: random.chance(30) ? CeilingDraft(random.pick([8, 40])) : nil)
        }
        for operation in operations where random.chance(20) {
            plan.operations[operation] = CeilingDraft(random.pick([10, 600]), per: .seconds(random.pick([1, 60])))
        }
        if random.chance(50) { plan.quotas = [.init(unit: .requests, amount: 1_000_000, period: .month)] }
        plan.weight = random.pick([1, 1, 5])
        plan.features = ["bulk-send", "webhooks"].filter { _ in random.chance(50) }
        return plan
    }

    private static func ceiling(_ range: ClosedRange<Int64>, _ random: inout MatchingRandom) -> CeilingDraft {
        let baseline = Int64.random(in: range, using: &random) / 100 * 100
        let rates = (random.chance(30) ? [baseline, baseline * 2, baseline * 3] : [baseline])
            .map { Rate(amount: $0, period: .second) }
        return CeilingDraft(rates: rates, burst: baseline)
    }
}
