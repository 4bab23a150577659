import Directory
import Foundation
import Testing
import Vocabulary

@testable import Tokens

@Suite struct KeyRingTests {
    private let lifetime = TokenIssuer.lifetimeMax

    @Test func `a key is published before it signs and for as long as its tokens live`() async throws {
        let world = try await TokenWorld()
        var ring = world.ring
        let token = try world.token()
        let first = try #require(ring.current)
        let second = try #require(ring.next)
        #expect(ring.keySet.contains(first.keyID) && ring.keySet.contains(second.keyID))
        try ring.rotate(.es256, at: TokenWorld.after(seconds: 60))
        #expect(ring.current?.keyID == second.keyID)
        #expect(ring.keys.map(\.state) == [.retired, .current, .next])
        world.authority.apply(try await TokenAuthority.Setup(world.settings, ring: ring))
        #expect(world.fault(token, at: TokenWorld.after(seconds: 60)) == nil)
        ring.prune(lifetimeMax: lifetime, at: TokenWorld.after(seconds: 660))
        #expect(ring.keySet.contains(first.keyID))
        let isPruned = ring.prune(lifetimeMax: lifetime, at: TokenWorld.after(seconds: 661))
        #expect(isPruned)
        #expect(!ring.keySet.contains(first.keyID))
    }

    @Test func `a key that is no longer published ends its tokens`() async throws {
        let world = try await TokenWorld()
        let token = try world.token()
        world.authority.apply(
            try await TokenAuthority.Setup(world.settings, ring: try SigningKeyRing(.es256, at: TokenWorld.now)))
        #expect(world.fault(token) == .unknownKey)
    }

    @Test func `the next key signs when the present one is old enough and it has been published long enough`() throws {
        var ring = try SigningKeyRing(.edDSA, at: TokenWorld.now)
        func isDue(_ seconds: Int64) -> Bool {
            ring.isDue(after: .seconds(100), publishedFor: .seconds(60), at: TokenWorld.after(seconds: seconds))
        }
        #expect(!isDue(99))
        #expect(isDue(100))
        try ring.rotate(.edDSA, at: TokenWorld.after(seconds: 100))
        #expect(!isDue(159))
        #expect(!isDue(199))
        #expect(isDue(200))
    }

    @Test func `another algorithm begins with the next key`() throws {
        var ring = try SigningKeyRing(.es256, at: TokenWorld.now)
        let (same, other) = (
            try ring.prepareNext(.es256, at: TokenWorld.now), try ring.prepareNext(.edDSA, at: TokenWorld.now)
        )
        #expect(!same)
        #expect(other)
        #expect(ring.current?.algorithm == .es256)
        #expect(ring.next?.algorithm == .edDSA)
    }

    @Test(arguments: TokenAlgorithm.allCases)
    func `a ring is read as it was written`(algorithm: TokenAlgorithm) throws {
        var ring = try SigningKeyRing(algorithm, at: TokenWorld.now)
        try ring.rotate(algorithm, at: TokenWorld.after(seconds: 1))
        #expect(try SigningKeyRing(fileText: try ring.fileText) == ring)
    }

    @Test func `what is no ring is refused, and no key is told`() throws {
        let text = try SigningKeyRing(.edDSA, at: TokenWorld.now).fileText
        for damaged in [
            "", "{}", text.replacing("\"current\"", with: "\"next\""), text.replacing("keys\" : 1", with: "keys\" : 2"),
            text.replacing("EdDSA", with: "ES256"),
        ] {
            let problem = #expect(throws: SigningKeyRing.Problem.self) { try SigningKeyRing(fileText: damaged) }
            #expect(problem?.description.contains("PRIVATE") == false)
        }
        #expect(!"\(try SigningKeyRing(.edDSA, at: TokenWorld.now))".contains("PRIVATE"))
    }

    @Test func `the file is for its owner alone`() throws {
        let folder = NSTemporaryDirectory() + "/tokens-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = KeyRingFile(folder: folder)
        #expect(try file.read() == nil)
        let ring = try file.readOrMake(.es256, at: TokenWorld.now)
        #expect(try file.readOrMake(.edDSA, at: TokenWorld.now) == ring)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        #expect(throws: KeyRingFile.Problem.self) { try file.read() }
    }

    @Test func `the name of a key is its thumbprint`() {
        // RFC 7638, section 3.1.
        let n =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n"
            + "3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zg"
            + "dAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFC"
            + "ur-kEgU8awapJzKnqDKgw"
        #expect(
            PublicKeyDocument.thumbprint(of: .rsa(n: n, e: "AQAB")) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }
}
