import Directory
import Policy
import Testing
import Vocabulary

@testable import Tokens

@Suite struct TokenCacheTests {
    @Test func `a cached token is asked about anew whenever something has changed`() async throws {
        let world = try await TokenWorld()
        var cache = TokenCache()
        let token = try world.token()
        func fault(_ binding: DirectoryBinding, at now: WallTime = TokenWorld.now) -> TokenFault? {
            cache.match(token.utf8.span, by: world.authority, in: binding, at: now).fault
        }
        #expect(fault(world.binding) == nil)
        #expect(fault(world.binding, at: TokenWorld.after(seconds: 299)) == nil)
        #expect(fault(world.binding, at: TokenWorld.after(seconds: 300)) == .expired)
        #expect(fault(try TokenWorld.binding(revokedKey: "k_worker")) == .revoked)
        #expect(fault(try TokenWorld.binding(isSandbox: true)) == .unknownSubject)
        #expect(fault(world.binding) == nil)
        let setup = world.authority.setup
        world.authority.apply(
            try await TokenAuthority.Setup(world.settings, ring: try SigningKeyRing(.es256, at: TokenWorld.now)))
        #expect(fault(world.binding) == .unknownKey)
        world.authority.apply(setup)
        #expect(fault(world.binding) == nil)
        world.authority.revoke(.tenant("acme"), issuedUpTo: TokenWorld.now)
        #expect(fault(world.binding) == .revoked)
        #expect(fault(world.binding) == .revoked)
    }

    @Test func `a token gives the classes that both it and the directory have now`() async throws {
        let world = try await TokenWorld()
        var cache = TokenCache()
        func names(_ scope: String, _ binding: DirectoryBinding) throws -> [String] {
            let match = cache.match(
                try world.token(scope).utf8.span, by: world.authority, in: binding, at: TokenWorld.now)
            return try #require(cache[match.place]).caller.classes.map { binding.policy.classes[$0].name }
        }
        let narrowed = try TokenWorld.binding(classesOfWorker: ["interactive", "export"])
        #expect(try names("", world.binding) == ["repair", "export"])
        #expect(try names("class:export", world.binding) == ["export"])
        #expect(try names("class:repair class:export", narrowed) == ["export"])
        #expect(try names("class:repair", narrowed) == [])
        #expect(try names("", narrowed) == ["interactive", "export"])
    }

    @Test func `a token for one class claims it, and its ceiling is an index`() async throws {
        let world = try await TokenWorld()
        var cache = TokenCache()
        func bound(_ scope: String) throws -> BoundToken {
            let match = cache.match(
                try world.token(scope).utf8.span, by: world.authority, in: world.binding, at: TokenWorld.now)
            return try #require(cache[match.place])
        }
        #expect(try bound("class:repair").claim == "repair")
        #expect(try bound("class:repair class:export").claim == nil)
        #expect(try bound("").tierCeiling == -1)
        #expect(try bound("tier:background").tierCeiling == 2)
        #expect(try bound("workflow:nightly").workflow == "nightly")
    }

    @Test func `only good signatures take a place`() async throws {
        let world = try await TokenWorld()
        var cache = TokenCache(countMax: 4)
        let token = try world.token()
        _ = cache.match(token.utf8.span, by: world.authority, in: world.binding, at: TokenWorld.now)
        let parts = token.split(separator: ".")
        for number in 0..<64 {
            let forged = "\(parts[0]).\(parts[1]).\(Base64URL.text([UInt8](repeating: UInt8(number), count: 64)))"
            let match = cache.match(forged.utf8.span, by: world.authority, in: world.binding, at: TokenWorld.now)
            #expect(match.place == -1)
            #expect(match.fault == .badSignature)
        }
        // A ring without the key would not verify it again: that it is still good shows that it was not pushed out.
        let match = cache.match(token.utf8.span, by: world.authority, in: world.binding, at: TokenWorld.now)
        #expect(match.fault == nil)
    }

    @Test func `no token is pushed out while there is room beside it, and those that are over make room`() async throws
    {
        let world = try await TokenWorld()
        var cache = TokenCache(countMax: 4)
        func place(_ token: String, at now: WallTime) -> Int {
            cache.match(token.utf8.span, by: world.authority, in: world.binding, at: now).place
        }
        let first = try (0..<4).map { _ in try world.token() }
        #expect(first.map { place($0, at: TokenWorld.now) } == [0, 1, 2, 3])
        #expect(first.map { place($0, at: TokenWorld.now) } == [0, 1, 2, 3])
        let later = TokenWorld.after(seconds: 300)
        let second = try (0..<4).map { _ in try world.token(at: later) }
        #expect(second.map { place($0, at: later) } == [0, 1, 2, 3])
    }
}
