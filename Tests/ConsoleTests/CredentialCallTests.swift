@testable import Access
import Foundation
import Testing

@testable import Console

/// What operators sign in with, set and changed by themselves.
@Suite struct CredentialCallTests {
    private static let fresh = "another set of unusual words"

    private func signIn(
        _ world: ConsoleWorld, _ name: String, _ password: String, code: String? = nil
    ) async throws -> ControlAnswer {
        let second = code.map { #", "code": "\#($0)""# } ?? ""
        return try await world.stranger.call(
            "POST", "/v1/sessions", #"{"operator": "\#(name)", "password": "\#(password)", "bearer": true\#(second)}"#)
    }

    private func client(_ answer: ControlAnswer, in world: ConsoleWorld) throws -> ControlClient {
        let token: String = try #require(answer.text("token"), "\(answer.body)")
        return ControlClient(port: world.port, bearer: token)
    }

    /// Draws a phone in a session.
    private func drawPhone(_ client: ControlClient) async throws -> CodeSecret {
        let drawn = try await client.call("POST", "/v1/me/phone", "{}")
        #expect(drawn.status == 201 && drawn.text("uri")?.hasPrefix("otpauth://totp/Headgate:") == true)
        return try #require(drawn.text("secret").flatMap { CodeSecret(base32: $0) })
    }

    /// Resets an operator, as `everybody`.
    private func reset(_ name: String, in world: ConsoleWorld) async throws -> String {
        let answer = try await world.confirmed(
            world.client(of: "everybody"), of: "everybody", "POST", "/v1/operators/\(name)/credentials", "{}")
        #expect(answer.status == 201, "\(answer.body)")
        #expect(answer.text("password") == nil)
        return try #require(answer.text("enrolment"))
    }

    @Test func `who is reset signs in once, sets a password and a phone, and can do nothing else before`() async throws
    {
        try await ConsoleWorld.with { world in
            for name in ["everybody", "support"] { try await world.enrol(name) }
            let before = try world.client(of: "support")
            let token = try await world.token(of: "support", scopes: [.read])
            let formerCode = try world.code(of: "support")
            let enrolment = try await reset("support", in: world)
            #expect(try await before.call("GET", "/v1/me").status == 401)
            #expect(try await token.call("GET", "/v1/tenants").status == 401)
            #expect(try await signIn(world, "support", ConsoleWorld.password, code: formerCode).status == 401)
            #expect(try await signIn(world, "auditor", enrolment).status == 401)

            let begun = try await signIn(world, "support", enrolment)
            #expect(begun.members["must_enrol"] as? Bool == true, "\(begun.body)")
            let client = try client(begun, in: world)
            for (method, path, body) in [
                ("GET", "/v1/me", nil), ("GET", "/v1/tenants", nil), ("POST", "/v1/tokens", "{}"),
                ("GET", "/v1/sessions", nil), ("PUT", "/v1/me/password", "{}"), ("POST", "/v1/proofs", "{}"),
            ] as [(String, String, String?)] {
                #expect(try await client.call(method, path, body).code == "enrolment_needed", "\(method) \(path)")
            }
            #expect(try await signIn(world, "support", enrolment).status == 401, "it is good once")

            func enrol(_ password: String, _ code: String) async throws -> ControlAnswer {
                try await client.call("POST", "/v1/me/enrolment", #"{"password": "\#(password)", "code": "\#(code)"}"#)
            }
            #expect(try await enrol(Self.fresh, "123456").status == 409, "no phone was drawn")
            let phone = try await drawPhone(client)
            #expect(try await enrol(Self.fresh, "000000").status == 422)
            #expect(try await enrol("support1", world.code(of: phone)).text("member") == "password")
            let code = world.code(of: phone)
            let enrolled = try await enrol(Self.fresh, code)
            #expect((enrolled.members["recovery_codes"] as? [String])?.count == 10, "\(enrolled.body)")
            #expect(try await client.call("POST", "/v1/me/phone", "{}").status == 401, "the session has ended")
            #expect(try await signIn(world, "support", Self.fresh, code: code).status == 401, "the code was used")
            let signedIn = try await signIn(world, "support", Self.fresh, code: world.code(of: phone))
            #expect(signedIn.members["must_enrol"] as? Bool == false, "\(signedIn.body)")
            #expect(try await self.client(signedIn, in: world).call("GET", "/v1/me").status == 200)
        }
    }

    @Test func `a reset is told with who did it, until somebody else vouches`() async throws {
        try await ConsoleWorld.with { world in
            for name in ["everybody", "somebody"] { try await world.enrol(name) }
            let client = try client(
                try await signIn(world, "support", try await reset("support", in: world)), in: world)
            let phone = try await drawPhone(client)
            let code = world.code(of: phone)
            _ = try await client.call(
                "POST", "/v1/me/enrolment", #"{"password": "\#(Self.fresh)", "code": "\#(code)"}"#)
            let auditor = try world.client(of: "auditor")
            let told = try await auditor.call("GET", "/v1/operators/support")
            #expect(told.text("let_in_by") == "everybody", "\(told.body)")
            let generation = try #require(told.members["generation"] as? Int)
            let body = #"{"generation": \#(generation), "reason": "seen in person"}"#
            let path = "/v1/operators/support/vouching"
            let own = try await world.confirmed(world.client(of: "everybody"), of: "everybody", "POST", path, body)
            #expect(own.code == "separation_of_duties", "\(own.body)")
            let vouched = try await world.confirmed(world.client(of: "somebody"), of: "somebody", "POST", path, body)
            #expect(vouched.status == 200 && vouched.text("let_in_by") == nil, "\(vouched.body)")
        }
    }

    @Test func `operators change password, phone and recovery codes with what they have`() async throws {
        try await ConsoleWorld.with { world in
            let recovery = try await world.enrol("support")
            var session = try world.client(of: "support")
            func change(_ path: String, _ password: String, _ code: String, _ more: String = "") async throws
                -> ControlAnswer
            {
                try await session.call("PUT", path, #"{"password": "\#(password)", "code": "\#(code)"\#(more)}"#)
            }
            let password = ConsoleWorld.password
            let new = #", "new_password": "\#(Self.fresh)""#
            #expect(try await change("/v1/me/password", "not this one", world.code(of: "support"), new).status == 403)
            #expect(try await change("/v1/me/password", password, "000000", new).code == "proof_refused")
            #expect(try await change("/v1/me/password", password, recovery[0], new).code == "proof_refused")
            let weak = try await change(
                "/v1/me/password", password, world.code(of: "support"), #", "new_password": "support1""#)
            #expect(weak.status == 422 && weak.text("member") == "new_password", "\(weak.body)")
            let code = try world.code(of: "support")
            #expect(try await change("/v1/me/password", password, code, new).status == 204)
            #expect(try await session.call("GET", "/v1/me").status == 401)
            #expect(try await signIn(world, "support", password, code: world.code(of: "support")).status == 401)

            session = try client(
                try await signIn(world, "support", Self.fresh, code: world.code(of: "support")), in: world)
            let codes = try await change("/v1/me/recovery-codes", Self.fresh, world.code(of: "support"))
            let drawn = try #require(codes.members["recovery_codes"] as? [String])
            #expect(try await signIn(world, "support", Self.fresh, code: recovery[1]).status == 401)

            // The phone is lost: a recovery code gets in, and stands in for its code once more.
            session = try client(try await signIn(world, "support", Self.fresh, code: drawn[0]), in: world)
            #expect(try await change("/v1/me/phone", Self.fresh, drawn[1], #", "new_code": "000000""#).status == 409)
            let phone = try await drawPhone(session)
            let shown = world.code(of: phone)
            let changed = try await change("/v1/me/phone", Self.fresh, drawn[1], #", "new_code": "\#(shown)""#)
            #expect((changed.members["recovery_codes"] as? [String])?.count == 10, "\(changed.body)")
            #expect(try await signIn(world, "support", Self.fresh, code: world.code(of: "support")).status == 401)
            #expect(try await signIn(world, "support", Self.fresh, code: world.code(of: phone)).status == 201)
            #expect(try await signIn(world, "support", Self.fresh, code: drawn[2]).status == 401)
        }
    }

    @Test func `a password without a phone is half of what it takes`() async throws {
        try await ConsoleWorld.with { world in
            try await world.enrol("support", withPhone: false)
            let begun = try await signIn(world, "support", ConsoleWorld.password)
            #expect(begun.members["must_enrol"] as? Bool == true, "\(begun.body)")
            #expect(try await client(begun, in: world).call("GET", "/v1/tenants").code == "enrolment_needed")
        }
    }

    @Test func `a clock that was ahead and is set back keeps nobody out, and makes no code good again`() async throws {
        try await ConsoleWorld.with { world in
            try await world.enrol("support")
            let early = try world.code(of: "support")
            #expect(try await signIn(world, "support", ConsoleWorld.password, code: early).status == 201)
            world.pass(seconds: 86_400 * 365)
            let ahead = try world.code(of: "support")
            #expect(try await signIn(world, "support", ConsoleWorld.password, code: ahead).status == 201)
            world.pass(seconds: -86_400 * 365 - 30)
            #expect(try await signIn(world, "support", ConsoleWorld.password, code: early).status == 401)
            let now = try await signIn(world, "support", ConsoleWorld.password, code: world.code(of: "support"))
            #expect(now.status == 201, "\(now.body)")
        }
    }
}
