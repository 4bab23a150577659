import Foundation
import Testing

@testable import Console

@Suite struct SignInTests {
    private static let password = "four unusual words here"

    private func body(_ password: String = password, _ more: String = "") -> String {
        #"{"operator": "support", "password": "\#(password)"\#(more)}"#
    }

    @Test func `a browser gets a cookie that scripts cannot read, and needs more than it to change something`()
        async throws
    {
        try await ConsoleWorld.with { world in
            try world.set(password: Self.password, of: "support")
            let signedIn = try await world.stranger.call("POST", "/v1/sessions", body())
            #expect(signedIn.status == 201)
            #expect(signedIn.text("token") == nil)
            let field = try #require(signedIn.field("Set-Cookie"))
            #expect(field.contains("HttpOnly") && field.contains("SameSite=Strict"))
            let cookie = try #require(field.split(separator: ";").first.map(String.init))
            let csrf = try #require(signedIn.text("csrf_token"))

            let me = try await world.stranger.call("GET", "/v1/me", fields: ["Cookie": cookie])
            #expect(me.status == 200 && me.text("operator") == "support")
            let grant =
                #"{"kind": "exemption", "reason": "a fair", "features": ["x"], "until": "2026-12-01T00:00:00Z"}"#
            let path = "/v1/tenants/acme/grants"
            let bare = try await world.stranger.call("POST", path, grant, fields: ["Cookie": cookie])
            #expect(bare.status == 403 && bare.code == "cross_site")
            let other = try await world.stranger.call(
                "POST", path, grant, fields: ["Cookie": cookie, "Sec-Fetch-Site": "cross-site"])
            #expect(other.code == "cross_site")
            let own = try await world.stranger.call(
                "POST", path, grant, fields: ["Cookie": cookie, "Headgate-CSRF": csrf])
            #expect(own.status == 201, "\(own.body)")

            let out = try await world.stranger.call(
                "DELETE", "/v1/sessions/current", fields: ["Cookie": cookie, "Sec-Fetch-Site": "same-origin"])
            #expect(out.status == 204)
            #expect(try await world.stranger.call("GET", "/v1/me", fields: ["Cookie": cookie]).status == 401)
        }
    }

    @Test func `a program gets a bearer, and the sign-in is recorded`() async throws {
        try await ConsoleWorld.with { world in
            try world.set(password: Self.password, of: "support")
            let signedIn = try await world.stranger.call(
                "POST", "/v1/sessions", body(Self.password, #", "bearer": true"#))
            #expect(signedIn.field("Set-Cookie") == nil)
            let client = ControlClient(port: world.port, bearer: signedIn.text("token"))
            #expect(try await client.call("GET", "/v1/sessions").items.count == 1)
            let audit = try await world.client(of: "auditor").call("GET", "/v1/audit?type=operator.signed_in")
            #expect(audit.items.first?["actor"] as? String == "operator/support")
        }
    }

    @Test func `wrong passwords are refused like names that do not exist, and then have to wait`() async throws {
        try await ConsoleWorld.with { world in
            try world.set(password: Self.password, of: "support")
            for _ in 0..<4 {
                let wrong = try await world.stranger.call("POST", "/v1/sessions", body("not this one at all"))
                #expect(wrong.status == 401 && wrong.code == "sign_in_refused")
            }
            let late = try await world.stranger.call("POST", "/v1/sessions", body())
            #expect(late.status == 429)
            #expect(late.field("Retry-After") == "1")
            world.pass(seconds: 1)
            #expect(try await world.stranger.call("POST", "/v1/sessions", body()).status == 201)
            let nobody = try await world.stranger.call(
                "POST", "/v1/sessions", #"{"operator": "nobody", "password": "whatever it is"}"#)
            #expect(nobody.code == "sign_in_refused")
        }
    }

    @Test func `a disabled operator's session ends, and so do tokens that are withdrawn`() async throws {
        try await ConsoleWorld.with { world in
            try world.set(password: Self.password, of: "everybody")
            let (admin, support) = (try world.client(of: "everybody"), try world.client(of: "support"))
            let read = try await admin.call("GET", "/v1/operators/support")
            let body = #"{"roles": [{"role": "support"}], "disabled": true}"#
            let bare = try await admin.confirmed("PUT", "/v1/operators/support", body, password: Self.password)
            #expect(bare.status == 428)
            #expect(try await support.call("GET", "/v1/me").status == 200)
            let asked = try await admin.call(
                "PUT", "/v1/operators/support", body, fields: ["If-Match": try #require(read.tag)])
            let challenge = try #require((asked.members["challenge"] as? [String: Any])?["id"] as? String)
            let proof = try await admin.call(
                "POST", "/v1/proofs", #"{"challenge": "\#(challenge)", "confirmation": "\#(Self.password)"}"#)
            let done = try await admin.call(
                "PUT", "/v1/operators/support", body,
                fields: ["If-Match": try #require(read.tag), "Headgate-Proof": try #require(proof.text("proof"))])
            #expect(done.status == 200, "\(done.body)")
            #expect(try await support.call("GET", "/v1/me").status == 401)
        }
    }

    @Test func `a proof is good for the request it was asked for, and once`() async throws {
        try await ConsoleWorld.with { world in
            try world.set(password: Self.password, of: "everybody")
            let client = try world.client(of: "everybody")
            let body = #"{"label": "ci", "scopes": ["read"], "lifetime_seconds": 86400}"#
            let issued = try await client.confirmed("POST", "/v1/tokens", body, password: Self.password)
            #expect(issued.status == 201, "\(issued.body)")
            let token = ControlClient(port: world.port, bearer: issued.text("token"))
            #expect(try await token.call("GET", "/v1/tenants").status == 200)
            #expect(try await token.call("GET", "/v1/operators").status == 403)
            #expect(try await token.call("GET", "/v1/tokens").status == 403)

            let asked = try await client.call("POST", "/v1/tokens", body)
            let challenge = try #require((asked.members["challenge"] as? [String: Any])?["id"] as? String)
            let proof = try #require(
                try await client.call(
                    "POST", "/v1/proofs", #"{"challenge": "\#(challenge)", "confirmation": "\#(Self.password)"}"#
                ).text("proof"))
            let other = try await client.call(
                "POST", "/v1/tokens", body.replacing("ci", with: "cd"), fields: ["Headgate-Proof": proof])
            #expect(other.code == "proof_needed")
            let spent = try await client.call("POST", "/v1/tokens", body, fields: ["Headgate-Proof": proof])
            #expect(spent.code == "proof_needed")

            let id = try #require(issued.text("id"))
            #expect(try await client.call("DELETE", "/v1/tokens/\(id)").status == 204)
            #expect(try await token.call("GET", "/v1/tenants").status == 401)
        }
    }

    @Test func `an operator whose credentials are reset signs in with what was drawn`() async throws {
        try await ConsoleWorld.with { world in
            try world.set(password: Self.password, of: "everybody")
            let before = try world.client(of: "support")
            let reset = try await world.client(of: "everybody").confirmed(
                "POST", "/v1/operators/support/credentials", "{}", password: Self.password)
            #expect(reset.status == 201, "\(reset.body)")
            #expect(try await before.call("GET", "/v1/me").status == 401)
            let drawn = try #require(reset.text("password"))
            #expect(try await world.stranger.call("POST", "/v1/sessions", body(drawn)).status == 201)
        }
    }
}
