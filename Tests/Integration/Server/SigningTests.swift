import Foundation
import Testing

extension ServerTests {
    /// Ten times more than the service can take: which requests still pass, and whether the policy says the same.
    @Suite struct Signing {
        /// The example with ceilings that a debug build can be driven beyond: a hundredth of the rates, a tenth of the
        /// burst, so that the dearest operation still fits.
        ///
        /// Shares, tiers, classes and operations are the example's own.
        private static func policy() throws -> String {
            try Example.signing.policy(replacing: [
                (
                    "baseline: 4000/s, burst: 5000/s, overload: 6000/s }, burst: 8000",
                    "baseline: 40/s, burst: 50/s, overload: 60/s }, burst: 800"
                )
            ])
        }

        @Test func `what the policy names as protected is what passes at ten times the ceiling`() async throws {
            let directory = try Example.signing.text("directory.yaml")
            try await Site.with(policy: try Signing.policy(), directory: directory) { site in
                let command = try await site.run("policy", "explain", "--overload", "--format", "json", site.policy)
                let promise = try JSONDecoder().decode(OverloadPromise.self, from: Data(command.output.utf8))
                try await site.start()
                let load = try await HTTPConnection.with(port: site.port) { connection in
                    var load = OverloadRun()
                    try await load.ramp(over: connection)
                    try await load.overload(over: connection, burst: 800, perSecond: 60)
                    return load
                }
                print(load.table)
                load.expectOrder()
                let protected = try #require(promise.protected.first)
                #expect(protected.tier == "critical")
                // The protected work stayed inside what is kept for it, or its passing would prove nothing.
                #expect(load.askedCritical <= protected.reserves[0].atOnce)
                #expect(load.neverRefused == protected.placements)
                #expect(load.shed == promise.placementsShed)
                #expect(load.admittedCost <= 800 + Int(40 * load.seconds))
            }
        }
    }
}

/// What `headgate policy explain --overload --format json` says.
private struct OverloadPromise: Decodable {
    let protected: [Tier]
    let shedding: [Shed]

    /// One tier that has a reserve.
    struct Tier: Decodable {
        let tier: String
        let reserves: [Reserve]
        let operations: [Operation]

        var placements: Set<Placement> {
            Set(operations.map { Placement($0.name, isInContext: $0.condition?.hasPrefix("when") ?? false) })
        }
    }

    struct Reserve: Decodable {
        let scope: String
        let atOnce: Int
    }

    struct Operation: Decodable {
        let name: String
        let condition: String?
    }

    /// One step of shedding; its members are written as people read them.
    struct Shed: Decodable {
        let tier: String
        let members: [String]
    }

    /// What is shed before the tier that is shed last: the known operations among it.
    var placementsShed: Set<Placement> {
        Set(
            shedding.dropLast().filter { $0.tier != "quarantine" }.flatMap { step in
                // Work that only a caller's class leads there is no operation of its own.
                step.members.filter { !$0.hasPrefix("work of class") }.map { member in
                    Placement(String(member.prefix { $0 != " " }), isInContext: member.contains(#/\bwhen /#))
                }
            })
    }
}

/// An operation, or those of its requests whose context puts them elsewhere.
struct Placement: Hashable, CustomStringConvertible {
    let name: String
    let isInContext: Bool

    init(_ name: String, isInContext: Bool) {
        self.name = name
        self.isInContext = isInContext
    }

    var description: String { isInContext ? name + " in context" : name }
}

/// Load that grows until it is far beyond what the service can take, and what became of it.
private struct OverloadRun {
    /// A call, and which operation it is meant to be.
    private struct Call {
        let placement: Placement
        let check: Check

        init(
            _ operation: String, _ method: String, _ path: String, _ principal: String = "web", stage: String? = nil
        ) {
            placement = Placement(operation, isInContext: stage != nil)
            check = Check(
                tenant: "acme", principal: principal, method: method, path: path,
                attributes: stage.map { ["workflow.stage": $0] })
        }
    }

    /// Every operation of the policy, and each of its contexts.
    private static let operations = [
        Call("submit-signature", "POST", "/v1/envelopes/7/signatures"),
        Call("create-signing-session", "POST", "/v1/envelopes/7/sessions"),
        Call("create-signing-link", "POST", "/v1/envelopes/7/links"),
        Call("verify-signing-token", "POST", "/v1/signing-tokens/verify"),
        Call("persist-audit-event", "POST", "/v1/audit-events"),
        Call("replay-step", "POST", "/v1/support/envelopes/7/replays", "support-console"),
        Call("create-signing-link", "POST", "/v1/envelopes/7/links", stage: "draft"),
        Call("create-envelope", "POST", "/v1/envelopes"),
        Call("invite-signer", "POST", "/v1/envelopes/7/signers"),
        Call("envelope-status", "GET", "/v1/envelopes/7"),
        Call("schedule-reminder", "POST", "/v1/envelopes/7/reminders"),
        Call("identity-pre-check", "POST", "/v1/signers/3/identity-checks"),
        Call("upload-document", "POST", "/v1/envelopes/7/documents"),
        Call("preview-document", "GET", "/v1/documents/2/preview"),
        Call("read-audit-trail", "GET", "/v1/envelopes/7/audit-trail"),
        Call("deliver-callback", "POST", "/v1/callbacks", "erp"),
        Call("reconcile-envelope", "POST", "/v1/repair/envelopes/7/reconciliations", "reconciliation-worker"),
        Call("list-drifted-envelopes", "GET", "/v1/repair/envelopes", "reconciliation-worker"),
        Call("envelope-status", "GET", "/v1/envelopes/7", stage: "dormant"),
        Call("list-envelopes", "GET", "/v1/envelopes"),
        Call("send-notification", "POST", "/v1/notifications", "erp"),
        Call("retry-webhook", "POST", "/v1/webhooks/9/retries", "erp"),
        Call("read-analytics", "GET", "/v1/analytics/funnels", "erp"),
        Call("export-report", "POST", "/v1/reports", "erp"),
        Call("download-report", "GET", "/v1/reports/4", "erp"),
        Call("bulk-send", "POST", "/v1/bulk-sends", "erp"),
    ]
    private static let signature = operations[0]
    private static let upload = Call("upload-document", "POST", "/v1/envelopes/7/documents")
    private static let invitation = Call("invite-signer", "POST", "/v1/envelopes/7/signers")
    private static let list = Call("list-envelopes", "GET", "/v1/envelopes")
    private static let notification = Call("send-notification", "POST", "/v1/notifications")

    private var results: [(placement: Placement, answer: Answer)] = []
    private var start: ContinuousClock.Instant?
    private var end: ContinuousClock.Instant?

    /// More and more of everything, in equal shares of cost, until more than the best effort is refused.
    mutating func ramp(over connection: HTTPConnection) async throws {
        let mixture =
            [OverloadRun.signature] + Array(repeating: OverloadRun.upload, count: 2)
            + Array(repeating: OverloadRun.list, count: 4)
        for size in 1...12 {
            try await send(Array(repeating: mixture, count: size).flatMap { $0 }, over: connection)
            if results.contains(where: { !$0.answer.isAdmitted && $0.answer.tier != "best-effort" }) { return }
        }
        Issue.record("the ramp ended before more than the best effort was refused")
    }

    /// Ten times what the service could give in the time since the first call, with every operation in every round.
    mutating func overload(over connection: HTTPConnection, burst: Int, perSecond rate: Int) async throws {
        let flood =
            Array(repeating: OverloadRun.list, count: 150) + Array(repeating: OverloadRun.upload, count: 100)
            // Single units, so that nothing is left for whoever comes next.
            + Array(repeating: OverloadRun.notification, count: 10)
            + Array(repeating: OverloadRun.invitation, count: 10)
        for _ in 1...16 {
            let signatures = Array(repeating: OverloadRun.signature, count: 3)
            try await send(flood + signatures + OverloadRun.operations, over: connection)
            if Double(askedCost) >= 10 * (Double(burst) + Double(rate) * seconds) { return }
        }
        Issue.record("\(askedCost) in \(seconds) s is not ten times the ceiling")
    }

    private mutating func send(_ calls: [Call], over connection: HTTPConnection) async throws {
        let batch = try await connection.check(
            calls.enumerated().map { offset, call in
                var check = call.check
                check.idempotencyKey = "\(results.count + offset)"
                return check
            })
        results += zip(calls, batch.answers).map { ($0.placement, $1) }
        start = start ?? batch.sent
        end = batch.received
        for (call, answer) in zip(calls, batch.answers) { #expect(answer.operation == call.placement.name) }
    }

    /// The time from before the first decision to after the last.
    var seconds: Double {
        guard let start, let end else { return 0 }
        return (end - start) / .seconds(1)
    }

    /// Everything that was asked, in cost units.
    var askedCost: Int { results.reduce(0) { $0 + $1.answer.cost } }
    /// Everything that was admitted, in cost units.
    var admittedCost: Int { results.reduce(0) { $0 + ($1.answer.isAdmitted ? $1.answer.cost : 0) } }
    /// What was asked for critical work, in cost units.
    var askedCritical: Int { results.reduce(0) { $0 + ($1.answer.tier == "critical" ? $1.answer.cost : 0) } }
    /// The operations that were asked and never refused.
    var neverRefused: Set<Placement> { Set(results.map(\.placement)).subtracting(shed) }
    /// The operations that were refused at least once.
    var shed: Set<Placement> { Set(results.filter { !$0.answer.isAdmitted }.map(\.placement)) }

    /// Expects that nothing is refused but for want of capacity, and the best effort first.
    func expectOrder() {
        let refused = results.map(\.answer).filter { !$0.isAdmitted }
        #expect(refused.allSatisfy { $0.reason == "service_saturated" && $0.decision == "shed" })
        #expect(refused.prefix { $0.tier == "best-effort" }.count >= 10)
        #expect(!refused.contains { $0.operation == "submit-signature" })
    }

    /// What became of each tier.
    var table: String {
        let rows = ["critical", "business", "best-effort"].map { tier in
            let answers = results.map(\.answer).filter { $0.tier == tier }
            let admitted = answers.filter(\.isAdmitted).reduce(0) { $0 + $1.cost }
            let asked = answers.reduce(0) { $0 + $1.cost }
            let first = results.firstIndex { $0.answer.tier == tier && !$0.answer.isAdmitted }
            return [tier, "\(asked)", "\(admitted)", "\(asked - admitted)", first.map { "\($0)" } ?? "never"]
        }
        let head = ["tier", "cost asked", "admitted", "refused", "first refused at call"]
        return TextTable([head] + rows).text + "\nin \(seconds) s"
    }
}
