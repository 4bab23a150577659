import Foundation
import Testing

@testable import Console

@Suite struct GrantAndKeyCallTests {
    @Test func `an exemption is asked for, approved by somebody else, reported and ended`() async throws {
        try await ConsoleWorld.with { world in
            for name in ["somebody", "everybody"] { try await world.enrol(name) }
            let (asker, other) = (try world.client(of: "everybody"), try world.client(of: "somebody"))
            let body = """
                {"id": "g1", "kind": "exemption", "adjustments": [{"target": "tenant", "factor": 2000}],
                 "until": "2026-12-05T00:00:00Z", "reason": "the fair", "review": "2026-11-28T00:00:00Z"}
                """
            let path = "/v1/tenants/acme/grants"
            let asked = try await asker.call("POST", path, body)
            #expect(asked.status == 201 && asked.text("state") == "open", "\(asked.body)")
            let own = try await world.confirmed(
                asker, of: "everybody", "POST", path + "/g1/approval", "{}")
            #expect(own.status == 403 && own.code == "separation_of_duties")
            let approved = try await world.confirmed(
                other, of: "somebody", "POST", path + "/g1/approval", "{}")
            #expect(approved.status == 200 && approved.members["holds"] as? Bool == true, "\(approved.body)")

            let report = try await asker.call("GET", "/v1/reports/excess")
            let first = try #require(report.items.first)
            #expect(first["tenant"] as? String == "acme" && first["overdue"] as? Bool == false)
            #expect((first["parts"] as? [[String: Any]])?.first?["thousandths"] as? Int == 2_000)
            world.pass(seconds: 5 * 86_400)
            let again = try world.client(of: "everybody")
            #expect(try await again.call("GET", "/v1/reports/excess?overdue=true").items.count == 1)

            let later = try world.client(of: "somebody")
            let ended = try await world.confirmed(
                later, of: "somebody", "POST", path + "/g1/end", #"{"reason": "over"}"#)
            #expect(ended.members["holds"] as? Bool == false, "\(ended.body)")
            #expect(try await later.call("GET", "/v1/reports/excess").items.isEmpty)
        }
    }

    @Test func `a repeat of a wish without a beginning is the same wish, and can be taken back by who had it`()
        async throws
    {
        try await ConsoleWorld.with { world in
            let (support, other) = (try world.client(of: "support"), try world.client(of: "everybody"))
            let path = "/v1/tenants/acme/grants"
            let body =
                #"{"id": "g1", "kind": "exemption", "features": ["x"], "until": "2026-12-05T00:00:00Z", "reason": "r"}"#
            let key = ["Idempotency-Key": "k1"]
            let first = try await support.call("POST", path, body, fields: key)
            #expect(first.status == 201, "\(first.body)")
            world.pass(seconds: 7)
            let again = try await support.call("POST", path, body, fields: key)
            #expect(again.status == 201 && again.text("from") == first.text("from"), "\(again.body)")
            let different = try await support.call("POST", path, body.replacing("\"r\"", with: "\"s\""), fields: key)
            #expect(different.status == 409)

            let foreign = try await other.call("POST", path + "/g1/withdrawal", "{}")
            #expect(foreign.status == 403 && foreign.code == "forbidden", "\(foreign.body)")
            let taken = try await support.call("POST", path + "/g1/withdrawal", #"{"reason": "not needed"}"#)
            #expect(taken.text("state") == "rejected", "\(taken.body)")

            let admin = try world.client(of: "platform-admin")
            let plan = #"{"plan": "growth", "until": "2026-12-05T00:00:00Z"}"#
            let assigned = try await admin.call("POST", "/v1/tenants/acme/assignments", plan, fields: key)
            world.pass(seconds: 7)
            let repeated = try await admin.call("POST", "/v1/tenants/acme/assignments", plan, fields: key)
            #expect(assigned.status == 201 && repeated.status == 201, "\(repeated.body)")
            #expect((repeated.members["assignments"] as? [Any])?.count == 1)
        }
    }

    @Test func `a key is told once, rotated with an overlap, and withdrawn by its owner's people only`() async throws {
        try await ConsoleWorld.with { world in
            let client = try world.client(of: "support")
            let base = "/v1/tenants/acme"
            #expect(try await client.call("PUT", base + "/principals/web", #"{"classes": ["web"]}"#).status == 200)
            let first = try await client.call("POST", base + "/principals/web/keys", #"{"label": "one"}"#)
            #expect(first.status == 201 && first.text("key")?.hasPrefix("hg_live_") == true)
            let id = try #require(first.text("id"))
            let second = try await client.call(
                "POST", base + "/principals/web/keys", #"{"replaces": "\#(id)", "overlap_seconds": 60}"#)
            #expect(second.status == 201, "\(second.body)")
            let listed = try await client.call("GET", base + "/keys")
            #expect(listed.items.count == 2 && !listed.body.contains("hg_live_"))
            world.pass(seconds: 60)
            #expect(try await client.call("GET", base + "/keys?status=active").items.count == 1)

            let rest = try #require(second.text("id"))
            let foreign = "/v1/tenants/globex/keys/\(rest)/revocation"
            #expect(try await client.call("POST", foreign, "{}").status == 404)
            let revoked = try await client.call("POST", base + "/keys/\(rest)/revocation", #"{"reason": "leaked"}"#)
            #expect(revoked.text("status") == "revoked", "\(revoked.body)")

            let platform = try await client.call("PUT", "/v1/platform/principals/gateway", "{}")
            #expect(platform.status == 200, "\(platform.body)")
            #expect(try await client.call("POST", "/v1/platform/principals/gateway/keys", "{}").status == 201)
            #expect(try await client.call("DELETE", "/v1/platform/principals/gateway").status == 204)
        }
    }
}
