import Vocabulary

@testable import Journal

/// Decisions to test with: the situations a support engineer meets.
enum Samples {
    /// 2026-11-21T04:59:02.123Z.
    static let wall = WallTime(milliseconds: 1_795_237_142_123)
    static let version = PolicyVersion(digest: (0..<32).map { UInt8($0 * 7 % 256) })
    static let policy = RecordedPolicy(
        version: version.description, name: "signing-platform",
        summary: "3 tiers, 5 classes, 12 operations, 2 plans; owner platform-reliability.", recorded: wall)

    /// A record with nothing but what every record has.
    static func plain(
        _ number: UInt64, after milliseconds: Int64 = 0, outcome: Outcome = .admit, reason: Reason = .withinGuarantee
    ) -> DecisionRecord {
        let wall = WallTime(milliseconds: wall.milliseconds + milliseconds)
        return DecisionRecord(
            id: DecisionID(wall: wall, unique: UInt128(number)), method: "GET", path: "/v1/envelopes/7",
            tier: "business", stage: .enforce, outcome: outcome, reason: reason, policyVersion: version,
            policyName: "signing-platform", source: .check)
    }

    /// A refusal: always kept.
    static func refusal(_ number: UInt64, after milliseconds: Int64 = 0) -> DecisionRecord {
        plain(number, after: milliseconds, outcome: .throttle, reason: .tenantCeiling)
    }

    /// A call of tenant acme.
    static func call(
        _ operation: String, _ method: String, _ path: String, trafficClass: String, tier: String, cost: Int64 = 1,
        outcome: Outcome, reason: Reason, stage: Stage = .enforce
    ) -> DecisionRecord {
        var record = DecisionRecord(
            id: DecisionID(wall: wall, unique: 0x1234_5678_9ABC_DEF0_1234), method: method, path: path, tier: tier,
            cost: cost, stage: stage, outcome: outcome, reason: reason, policyVersion: version,
            policyName: "signing-platform", source: .check)
        record.tenant = "acme"
        record.principal = "acme-deploy"
        record.credentialHint = "key 7f3a"
        record.operation = operation
        record.trafficClass = trafficClass
        record.region = "eu-west-1"
        record.duration = Nanoseconds(41_200)
        return record
    }

    /// What the service's budget had for a tier.
    static func service(_ lane: String, remaining: Int64, needed: Int64) -> DecisionRecord.BudgetReading {
        DecisionRecord.BudgetReading(
            level: .service, name: "service", lane: lane, rate: "4000/s", burst: 5_000, remaining: remaining,
            guaranteeRemaining: nil, poolRemaining: remaining, needed: needed, isSufficient: remaining >= needed,
            availableAfter: remaining >= needed ? nil : Nanoseconds((needed - remaining) * 250_000))
    }

    /// What tenant acme's budget had for a class.
    static func tenant(
        _ lane: String, guarantee: Int64?, pool: Int64?, needed: Int64
    ) -> DecisionRecord.BudgetReading {
        let remaining = (guarantee ?? 0) + (pool ?? 0)
        return DecisionRecord.BudgetReading(
            level: .tenant, name: "tenant acme", lane: lane, rate: "300/s", burst: 600, remaining: remaining,
            guaranteeRemaining: guarantee, poolRemaining: pool, needed: needed, isSufficient: remaining >= needed,
            availableAfter: remaining >= needed ? nil : Nanoseconds((needed - remaining) * 3_333_334))
    }
}
