import Policy
import Testing
import Vocabulary

/// A small signing platform, built by hand: four tiers, five classes, two plans.
enum SampleSnapshot {
    static let critical = 0
    static let business = 1
    static let bestEffort = 2
    static let quarantine = 3

    static let export = 0
    static let integration = 1
    static let interactive = 2
    static let recovery = 3
    static let repair = 4

    static let starter = 0
    static let growth = 1

    static let submit = 0
    static let status = 1
    static let exportAll = 2
    static let restore = 3
    static let webhooks = 4
    static let plain = 5
    static let contract = 6

    static let operations = [
        Operation(name: "submit", patterns: ["POST /v1/envelopes/{id}/signatures"], cost: 2, tier: critical),
        Operation(
            name: "status", patterns: ["GET /v1/envelopes/{id}"], tier: business, trafficClass: interactive,
            rules: [
                rule(
                    ["workflow.stage": ["archived", "dormant"]], tier: bestEffort, trafficClass: integration, cost: 3),
                rule(["workflow.stage": ["urgent"], "region": ["eu"]], tier: critical),
                rule(["workflow.stage": ["urgent"]], cost: 7),
            ]),
        Operation(name: "export", patterns: ["GET /v1/exports/**"], cost: 20, trafficClass: export),
        Operation(name: "restore", patterns: ["POST /v1/restore"], cost: 5, trafficClass: recovery),
        Operation(name: "webhooks", patterns: ["ANY /v1/webhooks/**"], feature: "webhooks"),
        Operation(name: "plain", patterns: ["GET /v1/plain"]),
        Operation(
            name: "contract", patterns: ["PUT /v1/contract"],
            rules: [rule(["kind": ["mass"]], trafficClass: recovery)]),
    ]

    static func rule(
        _ conditions: [String: [String]], tier: Int? = nil, trafficClass: Int? = nil, cost: Int64? = nil
    ) -> Operation.ContextRule {
        let sorted = conditions.sorted { $0.key < $1.key }
        return Operation.ContextRule(
            conditions: sorted.map { Operation.Condition(attribute: $0.key, values: $0.value) }, tier: tier,
            trafficClass: trafficClass, cost: cost)
    }

    static func make(
        operations: [Operation] = operations, credential: UnknownTreatment.Treatment = .quarantine,
        operation: UnknownTreatment.Treatment = .quarantine, unknownCost: Int64 = 10, defaultClass: Int = integration,
        stages: [Stage] = [.enforce, .enforce, .enforce, .enforce, .enforce]
    ) throws -> Snapshot {
        let classes = classes(in: stages)
        let rate = Rate(amount: 100, period: .second)
        let meter = try #require(Meter(rate: rate, burst: 100))
        let patterns = try operations.enumerated().flatMap { number, operation in
            try operation.patterns.map { (operation: number, pattern: try OperationPattern(parsing: $0)) }
        }
        return Snapshot(
            version: PolicyVersion(digest: [UInt8](repeating: 7, count: 32)), name: "sample", owner: "tests",
            tiers: ["critical", "business", "best-effort", "quarantine"].map { Tier(name: $0) }, classes: classes,
            operations: operations,
            plans: [
                try plan("starter", features: ["api"], operations, classes),
                try plan("growth", features: ["api", "webhooks"], operations, classes),
            ],
            regions: [], service: nil,
            unknown: UnknownTreatment(
                credential: credential, operation: operation, cost: unknownCost, quarantine: meter),
            defaultClass: defaultClass, matcher: OperationMatcher(patterns: patterns))
    }

    /// The classes, each in its stage.
    private static func classes(in stages: [Stage]) -> [TrafficClass] {
        let rows: [(name: String, tier: Int, consequence: Consequence, owner: String, governed: Bool)] = [
            ("export", bestEffort, .low, "data", false), ("integration", bestEffort, .low, "partners", false),
            ("interactive", business, .timeSensitive, "web", false),
            ("recovery", critical, .recovery, "support", true), ("repair", business, .repair, "data", true),
        ]
        return zip(rows, stages).map { row, stage in
            TrafficClass(
                name: row.name, tier: row.tier, consequence: row.consequence, owner: row.owner, governed: row.governed,
                stage: stage)
        }
    }

    private static func plan(
        _ name: String, features: [String], _ operations: [Operation], _ classes: [TrafficClass]
    ) throws -> Plan {
        Plan(
            name: name, tenant: try Budget(rates: [Rate(amount: 100, period: .second)], burst: 100, lanes: []),
            laneOfClass: classes.map { _ in -1 }, meterOfOperation: operations.map { _ in -1 }, features: features)
    }
}
