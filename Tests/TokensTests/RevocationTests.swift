import Directory
import Policy
import Testing
import Vocabulary

@testable import Tokens

@Suite struct RevocationTests {
    @Test func `a token that is withdrawn is refused, and no other`() async throws {
        let world = try await TokenWorld()
        let (first, second) = (try world.token(), try world.token())
        world.authority.revoke(
            try world.authority.verify(first.utf8.span, at: TokenWorld.now), at: TokenWorld.now)
        #expect(world.fault(first) == .revoked)
        #expect(world.fault(second) == nil)
    }

    @Test(arguments: [
        (Revocations.Subject.everybody, TokenFault.revoked as TokenFault?), (.tenant("acme"), .revoked),
        (.tenant("zenith"), nil), (.principal(tenant: "acme", name: "worker"), .revoked),
        (.principal(tenant: "acme", name: "web"), nil), (.principal(tenant: nil, name: "worker"), nil),
    ])
    func `all of somebody's tokens up to a moment are withdrawn`(
        subject: Revocations.Subject, expected: TokenFault?
    ) async throws {
        let world = try await TokenWorld()
        let before = try world.token()
        world.authority.revoke(subject, issuedUpTo: TokenWorld.after(seconds: 10))
        #expect(world.fault(before) == expected)
        let after = try world.token(at: TokenWorld.after(seconds: 11))
        #expect(world.fault(after, at: TokenWorld.after(seconds: 11)) == nil)
    }

    @Test func `what others have withdrawn counts beside one's own, and what is withdrawn here is told once`()
        async throws
    {
        let world = try await TokenWorld()
        let (first, second, third) = (try world.token(), try world.token(), try world.token())
        let grants = try [first, second].map { try world.authority.verify($0.utf8.span, at: TokenWorld.now) }
        world.authority.govern(
            Revocations(tokens: [(grants[0].issuer, grants[0].tokenID, grants[0].expires)], cuts: []))
        world.authority.revoke(grants[1], at: TokenWorld.now)
        #expect([first, second, third].map { world.fault($0) } == [.revoked, .revoked, nil])
        #expect(world.authority.takeRevoked().map(\.grant.tokenID) == [grants[1].tokenID])
        #expect(world.authority.takeRevoked().isEmpty)
        let key = try #require(grants[0].clientID)
        for (cut, expected) in [
            (Revocations.Subject.key("another"), nil), (.key(key), .revoked),
        ] as [(Revocations.Subject, TokenFault?)] {
            world.authority.govern(Revocations(tokens: [], cuts: [(cut, TokenWorld.now)]))
            #expect(world.fault(third) == expected)
            #expect(world.fault(first) == expected, "it is what is withdrawn now that counts")
        }
    }

    @Test func `what was withdrawn is written and read`() async throws {
        let world = try await TokenWorld()
        let grant = try world.authority.verify(try world.token().utf8.span, at: TokenWorld.now)
        world.authority.revoke(grant, at: TokenWorld.now)
        world.authority.revoke(.principal(tenant: "acme", name: "web"), issuedUpTo: TokenWorld.now)
        let read = try #require(Revocations(fileText: try world.authority.revoked.fileText))
        #expect(read == world.authority.revoked)
        #expect(read.covers(grant))
        #expect(Revocations(fileText: "[]") == nil)
    }

    @Test func `what is over is forgotten`() async throws {
        let world = try await TokenWorld()
        let grant = try world.authority.verify(try world.token().utf8.span, at: TokenWorld.now)
        world.authority.revoke(grant, at: TokenWorld.now)
        world.authority.revoke(.everybody, issuedUpTo: TokenWorld.now)
        world.authority.sweep(at: TokenWorld.after(seconds: 299))
        #expect(world.authority.revoked.tokens.count == 1)
        world.authority.sweep(at: TokenWorld.after(seconds: 300))
        #expect(world.authority.revoked.tokens.isEmpty)
        #expect(world.authority.revoked.cuts.count == 1)
        world.authority.sweep(at: TokenWorld.after(seconds: 86_401))
        #expect(world.authority.revoked == Revocations())
    }

    @Test func `where the list is full all tokens of the principal are withdrawn`() async throws {
        let world = try await TokenWorld()
        let grant = try world.authority.verify(try world.token().utf8.span, at: TokenWorld.now)
        var revocations = Revocations()
        for number in 0..<Revocations.tokenCountMax {
            revocations.revoke(grant.named("\(number)"), at: TokenWorld.now)
        }
        #expect(revocations.tokens.count == Revocations.tokenCountMax)
        #expect(!revocations.covers(grant))
        revocations.revoke(grant, at: TokenWorld.now)
        #expect(revocations.tokens.count == Revocations.tokenCountMax)
        #expect(revocations.covers(grant))
    }

    @Test func `policies are old or new by when they were published`() async throws {
        let world = try await TokenWorld()
        let token = try world.token()
        let version = world.binding.policy.version.description
        func apply(_ published: [String], minimum: String?) async throws -> TokenFault? {
            var settings = world.settings
            settings.minimumPolicy = minimum
            world.authority.apply(
                try await TokenAuthority.Setup(settings, ring: world.ring, floor: PolicyFloor(published: published)))
            return world.fault(token)
        }
        #expect(try await apply([], minimum: nil) == nil)
        #expect(try await apply(["a", version, "b"], minimum: "a") == nil)
        #expect(try await apply(["a", version, "b"], minimum: version) == nil)
        #expect(try await apply(["a", version, "b"], minimum: "b") == .oldPolicy)
        #expect(try await apply(["a", "b"], minimum: "a") == .oldPolicy)
        #expect(try await apply(["a", version], minimum: "unheard-of") == .oldPolicy)
    }

    @Test func `a policy that is published again is the newest`() {
        var floor = PolicyFloor(published: ["a", "b"], minimum: "b")
        #expect(!floor.accepts("a"))
        floor.publish("a")
        #expect(floor.accepts("a"))
        #expect(floor.published == ["b", "a"])
        for number in 0..<PolicyFloor.countMax { floor.publish("\(number)") }
        #expect(floor.published.count == PolicyFloor.countMax)
    }
}

extension TokenGrant {
    /// The same under another name.
    fileprivate func named(_ name: String) -> TokenGrant {
        TokenGrant(
            Mark(issuer: issuer, isOwn: isOwn, tokenID: name, keyID: keyID), subject, limits,
            policyVersion: policyVersion, Times(issuedAt: issuedAt, expires: expires))
    }
}
