import Directory
import Policy
import Testing
import Vocabulary

@testable import Tokens

@Suite struct IssuingTests {
    @Test(arguments: TokenAlgorithm.allCases)
    func `a token says who it is for and what for, and verifies`(algorithm: TokenAlgorithm) async throws {
        let world = try await TokenWorld(algorithm)
        let token = try world.token("class:repair tier:business workflow:nightly")
        let grant = try world.authority.verify(token.utf8.span, at: TokenWorld.now)
        #expect(grant.subject == world.worker.subject)
        #expect(grant.limits.classes == ["repair"])
        #expect(grant.limits.tierCeiling == "business")
        #expect(grant.limits.workflow == "nightly")
        #expect(grant.policyVersion == world.binding.policy.version.description)
        #expect(grant.expires == TokenWorld.after(seconds: 300))
        #expect(grant.limits.scope == "class:repair tier:business workflow:nightly")
    }

    @Test func `the header is that of an access token and names the key`() async throws {
        let world = try await TokenWorld()
        let token = try CompactToken(try world.token().utf8.span)
        #expect(token.header.type == "at+jwt")
        #expect(token.header.algorithm == "ES256")
        #expect(token.header.keyID == world.ring.current?.keyID)
        for name in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"] {
            #expect(token.claims.members[name] != nil)
        }
    }

    @Test(arguments: [
        "class:interactive", "class:repair class:interactive", "class:unknown", "tier:unknown", "tier:quarantine",
        "read", "class:", "class:repair class:repair", "tier:business tier:critical", "workflow:a workflow:b",
        "admin:all",
    ])
    func `what the entitlement does not have is refused and not left out`(scope: String) async throws {
        let world = try await TokenWorld()
        let refusal = #expect(throws: OAuthRefusal.self) { try world.token(scope) }
        #expect(refusal?.code == .invalidScope)
    }

    @Test func `a ceiling is at most the best tier that the client reaches`() async throws {
        let world = try await TokenWorld()
        var entitlement = world.worker
        entitlement.bestTier = 1
        entitlement.mayStateWorkflow = false
        func code(_ scope: String) -> OAuthRefusal.Code? {
            do throws(OAuthRefusal) {
                _ = try world.authority.setup.issuer.issue(
                    try TokenRequest(scope: scope), to: entitlement, handles: world.authority.handles,
                    at: TokenWorld.now)
                return nil
            } catch { return error.code }
        }
        #expect(code("tier:critical") == .invalidScope)
        #expect(code("tier:business") == nil)
        #expect(code("tier:background") == nil)
        #expect(code("workflow:nightly") == .invalidScope)
    }

    @Test func `the best tier counts the classes that are open or the caller's own`() throws {
        let binding = try TokenWorld.binding()
        let index = { (name: String) in binding.policy.classes.firstIndex { $0.name == name } ?? -1 }
        #expect(binding.policy.bestTier(of: Caller(plan: 0)) == 1)
        #expect(binding.policy.bestTier(of: Caller(plan: 0, classes: [index("repair")])) == 0)
    }

    @Test func `a token does not outlive its key`() async throws {
        let world = try await TokenWorld()
        var entitlement = world.worker
        entitlement.expires = TokenWorld.after(seconds: 60)
        let issuer = world.authority.setup.issuer
        let issued = try issuer.issue(
            TokenRequest(), to: entitlement, handles: world.authority.handles, at: TokenWorld.now)
        #expect(issued.expiresIn == 60)
        #expect(world.fault(issued.text, at: TokenWorld.after(seconds: 59)) == nil)
        #expect(world.fault(issued.text, at: TokenWorld.after(seconds: 60)) == .expired)
        entitlement.expires = TokenWorld.now
        #expect(throws: OAuthRefusal.self) {
            try issuer.issue(TokenRequest(), to: entitlement, handles: world.authority.handles, at: TokenWorld.now)
        }
    }

    @Test func `a handle stands for the same as a signed token`() async throws {
        let world = try await TokenWorld(form: .handle)
        let handle = try world.token("class:repair")
        #expect(handle.hasPrefix("hg_handle_"))
        #expect(handle.utf8.count == TokenHandles.length)
        let grant = try world.authority.verify(handle.utf8.span, at: TokenWorld.now)
        #expect(grant.subject == world.worker.subject)
        #expect(grant.limits.classes == ["repair"])
        #expect(world.fault(handle, at: TokenWorld.after(seconds: 300)) == .expired)
        #expect(world.fault(String(handle.dropLast()) + "!") == .malformed)
        world.authority.revoke(grant, at: TokenWorld.now)
        #expect(world.fault(handle) == .revoked)
    }

    @Test func `handles have a bound, and those that are over make room`() async throws {
        let world = try await TokenWorld(form: .handle)
        let handles = TokenHandles(countMax: 2)
        let issuer = world.authority.setup.issuer
        func issue(at now: WallTime) throws(OAuthRefusal) {
            _ = try issuer.issue(TokenRequest(), to: world.worker, handles: handles, at: now)
        }
        try issue(at: TokenWorld.now)
        try issue(at: TokenWorld.now)
        let refusal = #expect(throws: OAuthRefusal.self) { try issue(at: TokenWorld.after(seconds: 10)) }
        #expect(refusal?.code == .temporarilyUnavailable)
        try issue(at: TokenWorld.after(seconds: 301))
        #expect(handles.count == 1)
    }
}
