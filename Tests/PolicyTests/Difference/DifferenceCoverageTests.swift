import Policy
import Testing
import Vocabulary

/// Every fact that a policy states is compared: one edit at a time, with the line and the verdict it must give.
@Suite struct DifferenceCoverageTests {
    /// One edit of the signing platform.
    struct Edit: Sendable, CustomTestStringConvertible {
        var line: String
        var change: @Sendable (inout SnapshotDraft) -> Void

        init(_ line: String, _ change: @escaping @Sendable (inout SnapshotDraft) -> Void) {
            self.line = line
            self.change = change
        }

        var testDescription: String { line }
    }

    @Test(
        arguments: policyEdits + planEdits + classEdits + operationEdits + tierEdits + seatEdits + unknownEdits
            + repeatEdits)
    func `an edit gives its line`(edit: Edit) throws {
        var draft = SnapshotDraft.signing
        edit.change(&draft)
        let difference = PolicyDifference(from: try SnapshotDraft.signing.snapshot(), to: try draft.snapshot())
        let lines = difference.lines.map(\.short)
        #expect(lines.contains(edit.line), "\(lines)")
        #expect(!difference.summary.hasPrefix("No difference"))
    }

    static let policyEdits = [
        Edit("policy name changes") { $0.name = "other" },
        Edit("policy owner changes") { $0.owner = "other" },
        Edit("policy default-class changes") { $0.defaultClass = "export" },
        Edit("policy stage-order changes") { $0.stageOrder = ["repair", "export"] },
        Edit("service ceiling gains") { $0.service = nil },
        Edit("service ceiling-baseline gains") { $0.service?.rates[0] = Rate(amount: 4_500, period: .second) },
        Edit("service ceiling-overload loses") { $0.service?.rates[2] = Rate(amount: 5_500, period: .second) },
        Edit("service burst gains") { $0.service?.burst = 5_000 },
        Edit("service/tier critical reserve gains") { $0.service?.rates[0] = Rate(amount: 4_500, period: .second) },
        Edit("service/tier business reserve-burst gains") { $0.service?.burst = 5_000 },
        Edit("service pool gains") { $0.service?.rates[0] = Rate(amount: 4_500, period: .second) },
        Edit("service pool-burst gains") { $0.service?.burst = 5_000 },
        Edit("region eu-west-1 ceiling gains") { $0.regions["eu-west-1"] = SnapshotDraft.CeilingDraft(3_500) },
        Edit("region eu-west-1 ceiling changes") { $0.regions = [:] },
        Edit("region us-east-1 ceiling changes") { $0.regions["us-east-1"] = SnapshotDraft.CeilingDraft(100) },
    ]

    static let planEdits = [
        Edit("plan growth presence loses") { $0.plans.remove(at: 0) },
        Edit("plan huge presence gains") { $0.plans.append(.init(name: "huge", tenant: .init(900))) },
        Edit("plan growth ceiling loses") { $0.plans[0].tenant = .init(200, burst: 600) },
        Edit("plan growth burst loses") { $0.plans[0].tenant = .init(300, burst: 500) },
        Edit("plan growth quota loses") {
            $0.plans[0].quotas[0] = .init(unit: .requests, amount: 4_000_000, period: .month)
        },
        Edit("plan growth quota gains") { $0.plans[0].quotas = [] },
        Edit("plan growth feature gains") { $0.plans[0].features.append("sso") },
        Edit("plan growth/class repair guarantee gains") {
            $0.plans[0].lanes["repair"]?.guarantee = Rate(amount: 31, period: .second)
        },
        Edit("plan growth/class repair guarantee-burst gains") { $0.plans[0].lanes["repair"]?.guaranteeBurst = 60 },
        Edit("plan growth/class interactive at-most loses") {
            $0.plans[0].lanes["repair"]?.guarantee = Rate(amount: 31, period: .second)
        },
        Edit("plan growth/class interactive class-ceiling loses") {
            $0.plans[0].lanes["interactive"]?.ceiling = .init(50)
        },
        Edit("plan growth/class interactive at-least loses") {
            $0.plans[0].lanes["interactive"]?.ceiling = .init(50)
        },
        Edit("plan growth/class export class-ceiling-burst gains") {
            $0.plans[0].lanes["export"]?.ceiling = .init(60, burst: 90)
        },
        Edit("plan growth/operation export operation-budget loses") {
            $0.plans[0].operations["export"] = .init(20, burst: 40)
        },
        Edit("plan growth/operation export operation-budget-burst gains") {
            $0.plans[0].operations["export"] = .init(40, burst: 80)
        },
        Edit("plan growth/operation export calls-at-most gains") { $0.plans[0].operations = [:] },
        Edit("plan growth/operation export entitled loses") { $0.plans[0].features = ["webhooks"] },
        Edit("plan starter/operation export entitled gains") { $0.operations[4].feature = nil },
    ]

    static let classEdits = [
        Edit("class added presence gains") { $0.classes.append(.init(name: "added", tier: "critical")) },
        Edit("class integration presence loses") {
            $0.classes[3].mustNotCompete = []
            $0.classes.remove(at: 1)
        },
        Edit("class repair tier gains") { $0.classes[3].tier = "critical" },
        Edit("class repair consequence changes") { $0.classes[3].consequence = .recovery },
        Edit("class repair owner changes") { $0.classes[3].owner = "other" },
        Edit("class repair isolated changes") { $0.classes[3].isolated = false },
        Edit("class repair governed loses") { $0.classes[3].governed = true },
        Edit("class repair near-miss changes") { $0.classes[3].nearMiss = 0 },
        Edit("class repair backoff changes") { $0.classes[3].backoff = true },
        Edit("class repair must-not-compete changes") { $0.classes[3].mustNotCompete = [] },
        Edit("class repair reschedule changes") { $0.classes[3].onLimit = .init(escalateAfter: .seconds(600)) },
        Edit("class repair escalate-after changes") { $0.classes[3].onLimit = .init(reschedule: .seconds(30)) },
        Edit("class recovery fallback changes") { $0.classes[4].onLimit = nil },
        Edit("class integration stage loses") { $0.classes[1].stage = .advise },
        Edit("class integration stage gains") { $0.classes[1].stage = .observe },
        Edit("class repair blackouts gains") {
            $0.classes[3].blackouts = [.init(startMinute: 10_000, endMinute: 60, stage: .observe)]
        },
        Edit("class integration blackouts changes") {  // no milder than the shadow it is in
            $0.classes[1].blackouts = [.init(startMinute: 10_000, endMinute: 60, stage: .advise)]
        },
    ]

    static let operationEdits = [
        Edit("operation added presence gains") { $0.operations.append(.init(name: "added")) },
        Edit("operation notify presence loses") { $0.operations.remove(at: 3) },
        Edit("operation notify patterns gains") { $0.operations[3].patterns.append("PUT /v1/notifications") },
        Edit("operation notify patterns loses") { $0.operations[3].patterns = [] },
        Edit("operation notify patterns changes") { $0.operations[3].patterns = ["PUT /v1/notifications"] },
        Edit("operation export cost loses") { $0.operations[4].cost = 21 },
        Edit("operation notify tier gains") { $0.operations[3].tier = "critical" },
        Edit("operation notify tier changes") {
            $0.operations[3].tier = nil; $0.operations[3].trafficClass = "export"
        },
        Edit("operation export tier gains") { $0.operations[4].tier = "business" },
        Edit("operation export class changes") { $0.operations[4].trafficClass = "integration" },
        Edit("operation notify needed-feature loses") { $0.operations[3].feature = "webhooks" },
        Edit("operation export needed-feature gains") { $0.operations[4].feature = nil },
        Edit("operation submit-signature idempotency gains") { $0.operations[0].idempotency = .optional },
        Edit("operation envelope-status rule-tier gains") { $0.operations[2].rules[0].tier = "critical" },
        Edit("operation envelope-status rule-class changes") { $0.operations[2].rules[0].trafficClass = "export" },
        Edit("operation envelope-status rule-cost loses") { $0.operations[2].rules[0].cost = 2 },
        Edit("operation envelope-status rules changes") {  // says what holds anyway, but says it first
            $0.operations[2].rules.insert(
                .init(conditions: [.init(attribute: "kind", values: ["bot"])], tier: "business"), at: 0)
        },
    ]

    static let tierEdits = [
        Edit("tier gold presence changes") { $0.tiers.insert(Tier(name: "gold"), at: 1) },
        Edit("tier business position loses") { $0.tiers.insert(Tier(name: "gold"), at: 1) },
        Edit("tier critical position loses") { $0.tiers.swapAt(0, 1) },
        Edit("tier business position gains") { $0.tiers.swapAt(0, 1) },
        Edit("tier critical reserve-share gains") { $0.tiers[0] = Tier(name: "critical", reserveBasisPoints: 4_100) },
        Edit("tier critical latency loses") { $0.tiers[0] = Tier(name: "critical", reserveBasisPoints: 4_000) },
        Edit("tier business holdback gains") { $0.tiers[1] = Tier(name: "business", reserveBasisPoints: 2_000) },
        Edit("tier business queue-depth loses") { $0.tiers[1] = Tier(name: "business", reserveBasisPoints: 2_000) },
        Edit("tier business queue-wait loses") { $0.tiers[1] = Tier(name: "business", reserveBasisPoints: 2_000) },
        Edit("tier critical near-miss changes") {
            $0.tiers[0] = Tier(name: "critical", reserveBasisPoints: 4_000, nearMissBasisPoints: 2_500)
        },
        Edit("tier best-effort concurrency gains") { $0.tiers[2] = Tier(name: "best-effort") },
    ]

    static let seatEdits = [
        Edit("seats seat-limit changes") { $0.seats = Seats(limit: .fixed(50)) },
        Edit("seats seat-limit changes") { $0.seats = Seats(limit: .adaptive(min: 4, first: 32, max: 900)) },
        Edit("seats waiting loses") { $0.seats = Seats(waitingMax: 9_999) },
        Edit("tier critical kept loses") { $0.tiers[0] = critical(kept: 5_000) },
        Edit("tier critical floor gains") { $0.tiers[0] = critical(floor: 200) },
        Edit("tier critical tenant-share loses") { $0.tiers[0] = critical(tenantShare: 5_000) },
        Edit("tier business queue-per-tenant loses") {
            $0.tiers[1] = Tier(
                name: "business", reserveBasisPoints: 2_000, holdbackBasisPoints: 2_500,
                queue: .init(depthMax: 200, waitMax: .milliseconds(500), tenantDepthMax: 20))
        },
        Edit("plan growth weight gains") { $0.plans[0].weight = 4 },
        Edit("operation export seats loses") { $0.operations[4].seats = 2 },
    ]

    private static func critical(kept: Int64? = nil, floor: Int64? = nil, tenantShare: Int64? = nil) -> Tier {
        Tier(
            name: "critical", reserveBasisPoints: 4_000, keptBasisPoints: kept, floorBasisPoints: floor,
            tenantShareBasisPoints: tenantShare, latency: [.init(permille: 950, below: .milliseconds(50))])
    }

    static let unknownEdits = [
        Edit("unknown unknown-credential gains") { $0.unknown.credential = .quarantine },
        Edit("unknown unknown-operation loses") { $0.unknown.operation = .block },
        Edit("unknown cost loses") { $0.unknown.cost = 5 },
        Edit("unknown quarantine loses") { $0.unknown.quarantine = .init(5, burst: 10) },
        Edit("unknown quarantine-burst gains") { $0.unknown.quarantine = .init(10, burst: 20) },
    ]

    static let repeatEdits = [
        Edit("idempotency repeat-window loses") { $0.repeats.window = .second },
        Edit("idempotency repeat-keys gains") { $0.repeats.entriesPerTenantMax += 1 },
        Edit("idempotency repeat-bytes loses") { $0.repeats.bytesPerTenantMax -= 1 },
        Edit("idempotency repeat-body gains") { $0.repeats.bodyBytesMax += 1 },
        Edit("idempotency free-repeats loses") { $0.repeats.freeRepeatsMax = 0 },
        Edit("idempotency concurrent-repeats gains") { $0.repeats.concurrent = .join },
        Edit("idempotency interrupted-requests changes") { $0.repeats.interrupted = .run },
        Edit("idempotency stored-answers changes") { $0.repeats.stored = .successful },
    ]
}

extension PolicyDifference.Line {
    /// The line in a few words: `plan growth/class repair guarantee gains`.
    var short: String {
        let names = [subject.kind.name, subject.name].compactMap(\.self).joined(separator: " ")
        let part = subject.part.map { "/\($0.kind.name) \($0.name)" } ?? ""
        return "\(names)\(part) \(aspect.code) \(verdict.name)"
    }
}
