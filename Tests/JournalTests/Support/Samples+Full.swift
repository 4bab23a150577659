import Vocabulary

@testable import Journal

extension Samples {
    /// A record in which every field says something, none of it twice.
    static var full: DecisionRecord {
        var record = DecisionRecord(
            id: DecisionID(bits: 0x0199_A7C3_D5E1_0F2E_4D6C_8BAA_C9E8_0716), method: "PATCH",
            path: "/v1/umschläge/7/подпись", tier: "critical", cost: 17, stage: .advise, outcome: .admit,
            reason: .stageNotEnforcing, policyVersion: version, policyName: "signing-platform",
            source: .externalAuthorization)
        record.tenant = "tenant-1"
        record.principal = "principal-2"
        record.credentialHint = "key 3"
        record.operation = "operation-4"
        record.trafficClass = "class-5"
        record.region = "region-6"
        record.claim = .init(trafficClass: "claim-7", isHonoured: true)
        record.wouldBe = .init(outcome: .shed, reason: .regionSaturated)
        record.decidingBudget = .init(level: .region, name: "region region-6")
        record.limit = 8
        record.remaining = -9
        record.retryAfter = Nanoseconds(10)
        record.fullAfter = Nanoseconds(.max)
        record.wait = Nanoseconds(11)
        record.duration = Nanoseconds(.min)
        record.activeClasses = ["class-5", "class-12"]
        record.readings = [
            .init(
                level: .region, name: "region region-6", lane: "lane-13", rate: "7/3s", burst: .max, remaining: .min,
                guaranteeRemaining: 14, poolRemaining: 15, needed: 16, isSufficient: true,
                availableAfter: Nanoseconds(17), quotaReset: WallTime(milliseconds: -18)),
            .init(level: .quota, name: "quota", rate: "", burst: 0, remaining: 0, needed: 0, isSufficient: false),
        ]
        record.nearMisses = [
            .init(
                level: .seats, budget: "seats", lane: "critical", guarantee: 19, boundary: 20, left: -21,
                others: ["class-12", "class-22"])
        ]
        return record
    }

    /// A record at random, in which any field may be missing.
    static func random(using generator: inout SeededGenerator) -> DecisionRecord {
        func word(_ prefix: String) -> String { "\(prefix)-\(Int.random(in: 0..<5, using: &generator))" }
        func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &generator) ? value : nil }
        func number() -> Int64 {
            Int64(truncatingIfNeeded: generator.next()) >> Int64.random(in: 0..<64, using: &generator)
        }
        func choice<Value>(_ all: [Value]) -> Value { all[Int.random(in: 0..<all.count, using: &generator)] }
        var record = DecisionRecord(
            id: DecisionID(bits: UInt128(generator.next()) << 64 | UInt128(generator.next())), method: word("M"),
            path: word("/v1"), tier: word("tier"), cost: number(), stage: choice(Stage.allCases),
            outcome: choice(Outcome.allCases), reason: choice(Reason.allCases), policyVersion: version,
            policyName: word("policy"), source: choice(DecisionRecord.Source.allCases))
        record.tenant = maybe(word("tenant"))
        record.principal = maybe(word("principal"))
        record.credentialHint = maybe(word("key"))
        record.operation = maybe(word("operation"))
        record.trafficClass = maybe(word("class"))
        record.region = maybe(word("region"))
        record.claim = maybe(.init(trafficClass: word("class"), isHonoured: Bool.random(using: &generator)))
        record.wouldBe = maybe(.init(outcome: choice(Outcome.allCases), reason: choice(Reason.allCases)))
        record.decidingBudget = maybe(.init(level: choice(BudgetLevel.allCases), name: word("budget")))
        record.limit = maybe(number())
        record.remaining = maybe(number())
        record.retryAfter = maybe(Nanoseconds(number()))
        record.fullAfter = maybe(Nanoseconds(number()))
        record.wait = Nanoseconds(number())
        record.duration = Nanoseconds(number())
        record.activeClasses = (0..<Int.random(in: 0..<4, using: &generator)).map { _ in word("class") }
        record.readings = (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
            .init(
                level: choice(BudgetLevel.allCases), name: word("budget"), lane: maybe(word("lane")),
                rate: word("rate"), burst: number(), remaining: number(), guaranteeRemaining: maybe(number()),
                poolRemaining: maybe(number()), needed: number(), isSufficient: Bool.random(using: &generator),
                availableAfter: maybe(Nanoseconds(number())),
                quotaReset: maybe(WallTime(milliseconds: number())))
        }
        record.nearMisses = (0..<max(0, Int.random(in: -5..<3, using: &generator))).map { _ in
            .init(
                level: choice(NearMissLevel.allCases), budget: word("budget"), lane: word("lane"), guarantee: number(),
                boundary: number(), left: number(),
                others: (0..<Int.random(in: 0..<4, using: &generator)).map { _ in word("class") })
        }
        return record
    }
}
