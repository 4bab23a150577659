import Foundation
import Testing

@testable import Console

@Suite struct TenantCallTests {
    @Test func `a tenant is made, told with what holds, and replaced by whoever has read it`() async throws {
        try await ConsoleWorld.with { world in
            let client = try world.client(of: "platform-admin")
            let made = try await client.call("POST", "/v1/tenants", #"{"name": "initech", "plan": "starter"}"#)
            #expect(made.status == 201, "\(made.body)")
            let tag = try #require(made.tag)
            let path = "/v1/tenants/initech"
            let entitlement = try await client.call("GET", path).members["entitlement"] as? [String: Any]
            #expect(entitlement?["plan"] as? String == "starter")

            let body = #"{"plan": "growth", "segment": "big"}"#
            #expect(try await client.call("PUT", path, body).status == 428)
            let replaced = try await client.call("PUT", path, body, fields: ["If-Match": tag])
            #expect(replaced.status == 200 && replaced.text("segment") == "big")
            let stale = try await client.call(
                "PUT", path, #"{"plan": "starter"}"#, fields: ["If-Match": tag])
            #expect(stale.status == 412 && stale.code == "stale")
            #expect(
                try await client.call("POST", "/v1/tenants", #"{"name": "initech", "plan": "starter"}"#).status == 409)
        }
    }

    @Test func `a repeat with the same key gets the same answer, and another command does not`() async throws {
        try await ConsoleWorld.with { world in
            let client = try world.client(of: "platform-admin")
            let body = #"{"name": "initech", "plan": "starter"}"#
            let key = ["Idempotency-Key": "k1"]
            #expect(try await client.call("POST", "/v1/tenants", body, fields: key).status == 201)
            #expect(try await client.call("POST", "/v1/tenants", body, fields: key).status == 201)
            let other = try await client.call(
                "POST", "/v1/tenants", #"{"name": "hooli", "plan": "starter"}"#, fields: key)
            #expect(other.status == 409)
        }
    }

    @Test func `bodies say what is wrong with them`() async throws {
        try await ConsoleWorld.with { world in
            let client = try world.client(of: "platform-admin")
            let misspelt = try await client.call(
                "POST", "/v1/tenants", #"{"name": "x", "plan": "starter", "segmnt": "y"}"#)
            #expect(misspelt.status == 422 && misspelt.text("member") == "segmnt")
            #expect(misspelt.text("suggestion")?.contains("segment") == true)
            let unknown = try await client.call("POST", "/v1/tenants", #"{"name": "x", "plan": "growht"}"#)
            #expect(unknown.status == 422 && unknown.text("suggestion")?.contains("growth") == true)
            #expect(try await client.call("POST", "/v1/tenants", "{").status == 400)
            let deep = String(repeating: "[", count: 100_000)
            #expect(try await client.call("POST", "/v1/tenants", deep).code == "malformed")
            let large = #"{"name": ""# + String(repeating: "x", count: 1 << 20) + #""}"#
            #expect(try await client.call("POST", "/v1/tenants", large).status == 413)
            let form = try await client.call("POST", "/v1/tenants", "{}", fields: ["Content-Type": "text/plain"])
            #expect(form.status == 415)
            let patched = try await client.call("PATCH", "/v1/tenants")
            #expect(patched.status == 405 && patched.field("Allow") == "GET, POST")
            #expect(try await client.call("GET", "/v1/tenants?plam=x").status == 400)
            #expect(try await client.call("GET", "/v2").status == 404)
        }
    }

    @Test func `a list is narrowed by reach and filters, and goes on where a page ends`() async throws {
        try await ConsoleWorld.with { world in
            let admin = try world.client(of: "platform-admin")
            for number in 1...5 {
                let body = #"{"name": "t\#(number)", "plan": "\#(number < 3 ? "growth" : "starter")"}"#
                #expect(try await admin.call("POST", "/v1/tenants", body).status == 201)
            }
            var names: [String] = []
            var path: String? = "/v1/tenants?limit=3"
            while let next = path {
                let page = try await admin.call("GET", next)
                #expect(page.items.count <= 3)
                names += page.items.compactMap { $0["name"] as? String }
                path = page.text("next_cursor").map { "/v1/tenants?limit=3&cursor=\($0)" }
            }
            #expect(names == ["acme", "globex", "t1", "t2", "t3", "t4", "t5"])
            #expect(try await admin.call("GET", "/v1/tenants?plan=growth").items.count == 2)
            #expect(try await admin.call("GET", "/v1/tenants?segment=small").items.count == 2)
            #expect(try await admin.call("GET", "/v1/tenants?text=GLO").items.count == 1)
            let director = try await world.client(of: "account-director").call("GET", "/v1/tenants")
            #expect(director.items.compactMap { $0["name"] as? String } == ["acme"])
        }
    }
}
