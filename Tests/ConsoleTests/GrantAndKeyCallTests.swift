import Foundation
import Testing

@testable import Console

@Suite struct GrantAndKeyCallTests {
    @Test func `an exemption is asked for, approved by somebody else, reported and ended`() async throws {
        try await ConsoleWorld.with { world in
            try world.set(password: "four unusual words here", of: "somebody")
            try world.set(password: "four unusual words here", of: "everybody")
            let (asker, other) = (try world.client(of: "everybody"), try world.client(of: "somebody"))
            let body = """
                {"id": "g1", "kind": "exemption", "adjustments": [{"target": "tenant", "factor": 2000}],
                 "until": "2026-12-05T00:00:00Z", "reason": "the fair", "review": "2026-11-28T00:00:00Z"}
                """
            let path = "/v1/tenants/acme/grants"
            let asked = try await asker.call("POST", path, body)
            #expect(asked.status == 201 && asked.text("state") == "open", "\(asked.body)")
            let own = try await asker.confirmed(
                "POST", path + "/g1/approval", "{}", password: "four unusual words here")
            #expect(own.status == 403 && own.code == "separation_of_duties")
            let approved = try await other.confirmed(
                "POST", path + "/g1/approval", "{}", password: "four unusual words here")
            #expect(approved.status == 200 && approved.members["holds"] as? Bool == true, "\(approved.body)")

            let report = try await asker.call("GET", "/v1/reports/excess")
            let first = try #require(report.items.first)
            #expect(first["tenant"] as? String == "acme" && first["overdue"] as? Bool == false)
            #expect((first["parts"] as? [[String: Any]])?.first?["thousandths"] as? Int == 2_000)
            world.pass(seconds: 5 * 86_400)
            let again = try world.client(of: "everybody")
            #expect(try await again.call("GET", "/v1/reports/excess?overdue=true").items.count == 1)

            let later = try world.client(of: "somebody")
            let ended = try await later.confirmed(
                "POST", path + "/g1/end", #"{"reason": "over"}"#, password: "four unusual words here")
            #expect(ended.members["holds"] as? Bool == false, "\(ended.body)")
            #expect(try await later.call("GET", "/v1/reports/excess").items.isEmpty)
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
