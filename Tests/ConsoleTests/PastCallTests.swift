import Access
import Directory
import Foundation
import Governance
import Ledger
import Testing
import Vocabulary

@testable import Console

@Suite struct PastCallTests {
    /// Carries out what an operator of some name wants, beside the API.
    private func run(_ world: ConsoleWorld, _ command: GovernanceCommand, as name: String) async throws {
        let authority = Authority(
            try #require(OperatorName(name)),
            grants: Set(Role.allCases.filter { !$0.isBoundToTenants }.compactMap { RoleGrant($0) }))
        try await world.desk.governor.execute(command, by: authority)
    }

    @Test func `what a tenant was entitled to is told as it was, with who approved it and where that stands`()
        async throws
    {
        try await ConsoleWorld.with { world in
            let before = world.now
            world.pass(seconds: 10)
            try await run(
                world,
                .proposeGrant(
                    tenant: "acme",
                    GrantFacts(
                        id: "g1", kind: "exemption", adjustments: [AdjustmentFacts(target: "tenant", factor: 2_000)],
                        from: EventTime(world.now),
                        until: EventTime(WallTime(milliseconds: world.now.milliseconds + 60_000)),
                        reason: "a launch")), as: "ada")
            try await run(world, .decideGrant(tenant: "acme", id: "g1", isApproved: true, reason: nil), as: "bob")
            let during = world.now
            world.pass(seconds: 100)
            try await run(world, .changeTenant("acme", TenantFacts(plan: "growth", suspended: true)), as: "ada")
            let auditor = try world.client(of: "auditor")
            func tenant(at moment: WallTime) async throws -> [String: Any] {
                let answer = try await auditor.call(
                    "GET", "/v1/tenants/acme/entitlement?at=\(Timestamp.text(moment))")
                #expect(answer.status == 200, "\(answer.body)")
                let tenant = answer.members["tenant"] as? [String: Any]
                return try #require(tenant, "\(answer.body)")
            }
            let first = try await tenant(at: before)
            #expect(first["plan"] as? String == "starter" && (first["grants"] as? [String]) == [])
            let second = try await tenant(at: during)
            #expect((second["grants"] as? [String]) == ["g1"] && second["suspended"] as? Bool == false)
            let request = try #require((second["requests"] as? [[String: Any]])?.first)
            #expect((request["requested"] as? [String: Any])?["actor"] as? String == "operator/ada")
            let decided = try #require(request["decided"] as? [String: Any])
            #expect(decided["actor"] as? String == "operator/bob")
            let sequence = try #require(decided["record"] as? Int)
            let entry = try world.desk.ledger.store.entries(
                LedgerQuery(range: Int64(sequence)..<Int64(sequence) + 1, limit: 1))
            #expect(entry.first?.type == "grant.approved")
            let third = try await tenant(at: world.now)
            #expect(third["plan"] as? String == "growth" && third["suspended"] as? Bool == true)
            #expect((third["grants"] as? [String]) == [])
            let early = WallTime(milliseconds: before.milliseconds - 86_400_000)
            #expect(
                try await auditor.call("GET", "/v1/tenants/acme/entitlement?at=\(Timestamp.text(early))").status == 404)
            // Who has looked is recorded.
            let looks = try world.desk.ledger.store.entries(
                LedgerQuery(limit: 100)
            ).filter { $0.type == "audit.read" && $0.actor == "operator/auditor" }
            #expect(looks.count == 4)
        }
    }

    @Test func `all tenants are told page by page, those that came later are not`() async throws {
        try await ConsoleWorld.with { world in
            let before = world.now
            world.pass(seconds: 10)
            try await run(world, .createTenant("later", TenantFacts(plan: "growth")), as: "ada")
            let auditor = try world.client(of: "auditor")
            var names: [String] = []
            var cursor = ""
            repeat {
                let page = try await auditor.call("GET", "/v1/past?limit=1&at=\(Timestamp.text(before))\(cursor)")
                #expect(page.status == 200, "\(page.body)")
                names += page.items.compactMap { $0["tenant"] as? String }
                cursor = page.text("next_cursor").map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(names == ["acme", "globex"])
            #expect(try await auditor.call("GET", "/v1/past").items.count == 3)
            #expect(try await world.client(of: "support").call("GET", "/v1/past").status == 403)
        }
    }
}
