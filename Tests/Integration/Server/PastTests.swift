import Directory
import Foundation
import Governance
import Ledger
import PostgresLedger
import PostgresTestSupport
import Policy
import Testing
import Vocabulary

extension ServerTests {
    /// `headgate ledger at` and `headgate explain`: what held, on a ledger that this test writes.
    @Suite struct PastCommandLine {
        private static let policy = """
            headgate: 1
            name: governed
            owner: tests
            tiers: [{ name: everything }]
            defaults: { class: work }
            classes:
              work: { tier: everything, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
            plans:
              standard: { tenant: { rate: 10/s, burst: 20 }, quotas: { requests: 1000/month } }
              large: { tenant: { rate: 3000/s, burst: 5000 } }
            """
        /// 2026-11-21T00:00:00Z.
        private static let beginning: Int64 = 1_795_219_200_000

        /// Writes events on one stream, by somebody, so many seconds after the beginning.
        private static func write(
            _ place: LedgerLocation, _ second: Int64, by actor: String, in stream: String, _ events: GovernanceEvent...
        ) async throws {
            let ledger = try place.open { WallTime(milliseconds: beginning + 1_000 * second) }
            defer { ledger.close() }
            let written = events.map { LedgerEvent(stream: stream, type: $0.type, payload: $0.payload) }
            let answer = try await ledger.append(LedgerCommand(actor: actor, events: written))
            try #require(answer.receipt != nil)
        }

        /// A tenant that gets an exemption that two people agreed on, and then another plan.
        private static func fill(_ place: LedgerLocation) async throws {
            let documents = [PolicyText(name: "policy.yaml", text: policy)]
            let version = try PolicyText.compile(documents).get().version.description
            func at(_ second: Int64) -> EventTime { EventTime(WallTime(milliseconds: beginning + 1_000 * second)) }
            try await write(
                place, 0, by: "operator/ada", in: "policy",
                .policyProposed(ProposalFacts(id: "p1", version: version, documents: documents, reason: "the first")),
                .policyPublished(PublicationFacts(id: "p1")))
            for name in ["acme", "globex"] {
                try await write(
                    place, 10, by: "operator/ada", in: "tenant/\(name)", .tenantCreated(TenantFacts(plan: "standard")))
            }
            try await write(
                place, 20, by: "operator/cleo", in: "tenant/acme",
                .grantProposed(
                    GrantFacts(
                        id: "g1", kind: "exemption", adjustments: [AdjustmentFacts(target: "tenant", factor: 2_500)],
                        from: at(20), until: at(60), reason: "a launch")))
            try await write(
                place, 30, by: "operator/bob", in: "tenant/acme", .grantApproved(Verdict(id: "g1")))
            try await write(
                place, 100, by: "operator/ada", in: "tenant/acme", .tenantChanged(TenantFacts(plan: "large")))
        }

        /// What a command printed, without the widths of its columns.
        private static func words(_ command: Command) -> String {
            command.output.split(separator: " ").joined(separator: " ")
        }

        @Test(arguments: [false, true])
        func `what held is told as it was, of a folder and of a database`(inDatabase: Bool) async throws {
            try await TestFolder.with { folder in
                let address = inDatabase ? try PostgresServer.shared.get().address() : nil
                let place = try LedgerLocation(data: folder.file("data"), address: address)
                try await PastCommandLine.fill(place)
                func run(_ words: String...) async throws -> Command {
                    let options = address.map { ["--ledger", $0] } ?? ["--data", folder.file("data")]
                    return try await Command.run(words + options, in: folder)
                }
                let during = try await run("ledger", "at", "2026-11-21T00:00:40Z", "--tenant", "acme")
                #expect(during.status == 0, "\(during.errors)")
                for line in [
                    "records 6 of 7", "policy p1 sha256:", "plan standard",
                    "exemption g1: tenant ×2.5; approved, holds",
                    "requested record 4, 2026-11-21T00:00:20Z, by operator/cleo",
                    "approved record 5, 2026-11-21T00:00:30Z, by operator/bob", "tenant 25/s, burst 50",
                    "quota 1000 requests a month",
                ] { #expect(PastCommandLine.words(during).contains(line), "\(line)\n\(during.output)") }
                let later = try await run("ledger", "at", "2026-11-21T00:01:50Z", "--tenant", "acme", "--json")
                let members = try #require(
                    try JSONSerialization.jsonObject(with: Data(later.output.utf8)) as? [String: Any])
                let tenant = try #require(members["tenant"] as? [String: Any])
                #expect(tenant["plan"] as? String == "large" && (tenant["grants"] as? [String]) == [])
                #expect((tenant["stated"] as? [String: Any])?["record"] as? Int == 6)
                let explained = try await run("explain", "--at", "2026-11-21T00:00:40Z", "--tenant", "acme")
                #expect(explained.output == during.output)
                let all = try await run("ledger", "at", "2026-11-21T00:00:15Z")
                for line in ["tenants 2", "plan standard: 2", "acme standard\n globex standard\n"] {
                    #expect(PastCommandLine.words(all).contains(line), "\(line)\n\(all.output)")
                }
                let early = try await run("ledger", "at", "2026-11-21T00:00:05Z", "--tenant", "acme")
                #expect(early.status == 1 && early.errors.contains("there was no tenant 'acme'"))
                #expect(try await run("explain", "--at", "2026-11-21T00:00:05Z").status == 64)
            }
        }

        @Test func `a decision is explained by what held when it fell`() async throws {
            try await TestFolder.with { folder in
                let place = try LedgerLocation(data: folder.file("data"), address: nil)
                let now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
                let ledger = try place.open { now }
                let documents = [PolicyText(name: "policy.yaml", text: PastCommandLine.policy)]
                let version = try PolicyText.compile(documents).get().version.description
                let events: [(String, GovernanceEvent)] = [
                    (
                        "policy",
                        .policyProposed(
                            ProposalFacts(id: "p1", version: version, documents: documents, reason: "first"))
                    ), ("policy", .policyPublished(PublicationFacts(id: "p1"))),
                    ("tenant/acme", .tenantCreated(TenantFacts(plan: "standard", suspended: true))),
                ]
                _ = try await ledger.append(
                    LedgerCommand(
                        actor: "operator/ada",
                        events: events.map { LedgerEvent(stream: $0.0, type: $0.1.type, payload: $0.1.payload) }))
                ledger.close()
                let site = Site(governedIn: folder)
                try await withCleanUp {
                    try await site.start()
                    let answer = try await site.check(Check(tenant: "acme", operation: "act"))
                    #expect(answer.reason == "tenant_suspended")
                    #expect(await site.stop() == 0)
                    let story = try await site.run("explain", answer.decisionId, "--data", site.data)
                    #expect(story.output.contains("What held for the tenant then, by the ledger"), "\(story.errors)")
                    #expect(PastCommandLine.words(story).contains("p1 \(version)"))
                    #expect(story.output.contains("suspended"))
                    let json = try await site.run("explain", answer.decisionId, "--data", site.data, "--json")
                    let members = try #require(
                        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
                    let held = try #require(members["held"] as? [String: Any])
                    #expect((held["policy"] as? [String: Any])?["version"] as? String == version)
                } cleanUp: {
                    _ = await site.stop()
                }
            }
        }
    }
}
