import Access
import Foundation
import Testing

@testable import Access
@testable import Console

@Suite struct SignInTests {
    private func body(
        _ name: String = "support", _ password: String = ConsoleWorld.password, code: String? = nil, _ more: String = ""
    ) -> String {
        let second = code.map { #", "code": "\#($0)""# } ?? ""
        return #"{"operator": "\#(name)", "password": "\#(password)"\#(second)\#(more)}"#
    }

    @Test func `a browser gets a cookie that scripts cannot read, and needs more than it to change something`()
        async throws
    {
        try await ConsoleWorld.with { world in
            try await world.enrol("support")
            let signedIn = try await world.stranger.call(
                "POST", "/v1/sessions", body(code: try world.code(of: "support")))
            #expect(signedIn.status == 201)
            #expect(signedIn.text("token") == nil && signedIn.members["must_enrol"] as? Bool == false)
            let field = try #require(signedIn.field("Set-Cookie"))
            #expect(field.contains("HttpOnly") && field.contains("SameSite=Strict"))
            let cookie = try #require(field.split(separator: ";").first.map(String.init))
            let csrf = try #require(signedIn.text("csrf_token"))

            let me = try await world.stranger.call("GET", "/v1/me", fields: ["Cookie": cookie])
            #expect(me.status == 200 && me.text("operator") == "support")
            // Somebody has set another cookie of that name, for a wider path.
            let other = try world.session(of: "auditor").text
            for junk in ["headgate-session=junk", "headgate-session=", "headgate-session=\(other.dropLast())A"] {
                let answer = try await world.stranger.call("GET", "/v1/me", fields: ["Cookie": "\(junk); \(cookie)"])
                #expect(answer.text("operator") == "support", "\(junk): \(answer.body)")
            }
            let grant =
                #"{"kind": "exemption", "reason": "a fair", "features": ["x"], "until": "2026-12-01T00:00:00Z"}"#
            let path = "/v1/tenants/acme/grants"
            let bare = try await world.stranger.call("POST", path, grant, fields: ["Cookie": cookie])
            #expect(bare.status == 403 && bare.code == "cross_site")
            let foreign = try await world.stranger.call(
                "POST", path, grant, fields: ["Cookie": cookie, "Sec-Fetch-Site": "cross-site"])
            #expect(foreign.code == "cross_site")
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
            try await world.enrol("support")
            let signedIn = try await world.stranger.call(
                "POST", "/v1/sessions", body(code: try world.code(of: "support"), #", "bearer": true"#))
            #expect(signedIn.field("Set-Cookie") == nil)
            let client = ControlClient(port: world.port, bearer: signedIn.text("token"))
            #expect(try await client.call("GET", "/v1/sessions").items.count == 1)
            let audit = try await world.client(of: "auditor").call("GET", "/v1/audit?type=operator.signed_in")
            #expect(audit.items.first?["actor"] as? String == "operator/support")
        }
    }

    @Test func `wrong passwords are refused like names that do not exist, wait, and are told in log and counts`()
        async throws
    {
        try await ConsoleWorld.with { world in
            try await world.enrol("support")
            for _ in 0..<4 {
                let wrong = try await world.stranger.call(
                    "POST", "/v1/sessions", body("support", "not this one at all"))
                #expect(wrong.status == 401 && wrong.code == "sign_in_refused")
            }
            let late = try await world.stranger.call("POST", "/v1/sessions", body())
            #expect(late.status == 429)
            #expect(late.field("Retry-After") == "1")
            let code = try world.code(of: "support")
            #expect(try await world.stranger.call("POST", "/v1/sessions", body(code: code)).status == 201)
            let nobody = try await world.stranger.call("POST", "/v1/sessions", body("nobody", "whatever it is"))
            #expect(nobody.code == "sign_in_refused")
            let misplaced = try await world.stranger.call("POST", "/v1/sessions", body("My Secret Password", "x"))
            #expect(misplaced.code == "sign_in_refused")

            let lines = world.log.lines
            #expect(lines.count { $0.contains("operator=support") && $0.contains("address=127.0.0.1") } == 4)
            #expect(lines.contains { $0.contains("operator=(no name)") })
            #expect(!lines.contains { $0.contains("not this one") || $0.contains("My Secret") })
            let counts = Dictionary(
                uniqueKeysWithValues: world.desk.attemptCounts.map {
                    ("\($0.series.purpose) \($0.series.result)", $0.count)
                })
            #expect(counts["session refused"] == 6 && counts["session slowedDown"] == 1)
            #expect(counts["session succeeded"] == 1 && counts["proof refused"] == 0)
        }
    }

    @Test func `who has signed in on a device before gets in there, whatever strangers do at the same address`()
        async throws
    {
        try await ConsoleWorld.with { world in
            try await world.enrol("support")
            let first = try await world.stranger.call(
                "POST", "/v1/sessions", body(code: try world.code(of: "support"), #", "bearer": true"#))
            let device = try #require(first.text("device"))
            for number in 0..<30 {
                _ = try await world.stranger.call(
                    "POST", "/v1/sessions", body(number % 2 == 0 ? "support" : "stranger\(number)", "guess \(number)"))
            }
            #expect(try await world.stranger.call("POST", "/v1/sessions", body()).status == 429)
            let known = try await world.stranger.call(
                "POST", "/v1/sessions",
                body(code: try world.code(of: "support"), #", "bearer": true, "device": "\#(device)""#))
            #expect(known.status == 201 && known.text("device") == device, "\(known.body)")
        }
    }

    @Test func `a disabled operator's session ends, and so do tokens, also when the operator is back`() async throws {
        try await ConsoleWorld.with { world in
            try await world.enrol("everybody")
            let (admin, support) = (try world.client(of: "everybody"), try world.client(of: "support"))
            let idle = try world.client(of: "support")
            let token = try await world.token(of: "support", scopes: [.read])
            #expect(try await token.call("GET", "/v1/tenants").status == 200)
            func state(_ isDisabled: Bool) async throws -> ControlAnswer {
                let read = try await admin.call("GET", "/v1/operators/support")
                return try await world.confirmed(
                    admin, of: "everybody", "PUT", "/v1/operators/support",
                    #"{"roles": [{"role": "support"}], "disabled": \#(isDisabled)}"#,
                    fields: ["If-Match": try #require(read.tag)])
            }
            let bare = try await world.confirmed(
                admin, of: "everybody", "PUT", "/v1/operators/support",
                #"{"roles": [{"role": "support"}], "disabled": true}"#)
            #expect(bare.status == 428)
            #expect(try await support.call("GET", "/v1/me").status == 200)
            #expect(try await state(true).status == 200)
            #expect(try await support.call("GET", "/v1/me").status == 401)
            #expect(try await token.call("GET", "/v1/tenants").status == 401)
            #expect(try await state(false).status == 200)
            #expect(try await token.call("GET", "/v1/tenants").status == 401)
            #expect(try await idle.call("GET", "/v1/me").status == 401, "a session that was not used meanwhile")
        }
    }

    @Test func `a proof takes a code, is good for the request it was asked for, and once`() async throws {
        try await ConsoleWorld.with { world in
            let recovery = try await world.enrol("everybody")
            let client = try world.client(of: "everybody")
            let body = #"{"label": "ci", "scopes": ["read"], "lifetime_seconds": 86400}"#
            let issued = try await world.confirmed(client, of: "everybody", "POST", "/v1/tokens", body)
            #expect(issued.status == 201, "\(issued.body)")
            let token = ControlClient(port: world.port, bearer: issued.text("token"))
            #expect(try await token.call("GET", "/v1/tenants").status == 200)
            #expect(try await token.call("GET", "/v1/operators").status == 403)
            #expect(try await token.call("GET", "/v1/tokens").status == 403)

            let asked = try await client.call("POST", "/v1/tokens", body)
            let challenge = try #require((asked.members["challenge"] as? [String: Any])?["id"] as? String)
            func confirm(_ text: String) async throws -> ControlAnswer {
                try await client.call(
                    "POST", "/v1/proofs", #"{"challenge": "\#(challenge)", "confirmation": "\#(text)"}"#)
            }
            for text in [ConsoleWorld.password, recovery[0], "000000"] {
                #expect(try await confirm(text).code == "proof_refused")
            }
            let proof = try #require(try await confirm(try world.code(of: "everybody")).text("proof"))
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
}
