import Testing
import Vocabulary

@testable import Directory

struct CredentialCacheTests {
    @Test(arguments: [1, 2, 16, 4_096])
    func `a cache of any size answers as the directory itself does`(_ countMax: Int) throws {
        var generator = SeededGenerator(seed: UInt64(countMax))
        let drawn = try DirectorySnapshotTests.Drawn(seed: 8, tenantCount: 30)
        var snapshots = [drawn.snapshot, drawn.snapshot]
        var texts = drawn.credentials.map(\.text)
        for _ in 0..<20 { texts.append(Credential(for: .live, using: &generator).text) }
        texts += ["", "hg_live_", String(repeating: "x", count: 47)]
        var cache = CredentialCache(countMax: countMax)
        for step in 0..<5_000 {
            if step % 500 == 499 { snapshots[0] = drawn.snapshot }
            let snapshot = snapshots[Int.random(in: 0...1, using: &generator)]
            let now = WallTime(milliseconds: .random(in: 0...120, using: &generator))
            let text = texts[Int.random(in: texts.indices, using: &generator)]
            let cached = cache.match(text.utf8.span, in: snapshot, at: now)
            let direct = snapshot.match(text.utf8.span, at: now)
            #expect(cached == direct)
        }
    }

    /// One principal with one key, which may change from one version of the directory to the next.
    private struct OneKey {
        let credential: Credential
        var key: APIKey

        init() throws {
            var generator = SeededGenerator(seed: 6)
            credential = Credential(for: .live, using: &generator)
            key = APIKey(
                id: "k_1", hash: try Samples.secret.authenticator.hash(of: credential), created: Samples.now)
        }

        func snapshot() throws -> DirectorySnapshot {
            let principal = Principal(owner: .platform, name: "gateway", keys: [key])
            return DirectorySnapshot(
                DirectoryContents(principals: [principal]), authenticator: try Samples.secret.authenticator)
        }
    }

    private func status(_ match: CredentialMatch) -> APIKey.Status? {
        if case .known(_, _, let status) = match { status } else { nil }
    }

    @Test func `a cached key expires at its moment, not a millisecond later`() throws {
        var one = try OneKey()
        let end = Samples.moment("2026-12-01")
        one.key.expires = end
        let snapshot = try one.snapshot()
        var cache = CredentialCache()
        var seen: [APIKey.Status?] = []
        for offset: Int64 in [-1, -1, 0, 1, -1] {
            let now = WallTime(milliseconds: end.milliseconds + offset)
            seen.append(status(cache.match(one.credential.text.utf8.span, in: snapshot, at: now)))
        }
        #expect(seen == [.active, .active, .expired, .expired, .active])
    }

    @Test func `a cached key that the next snapshot revokes is refused at once`() throws {
        var one = try OneKey()
        let before = try one.snapshot()
        one.key.revoked = Samples.now
        let after = try one.snapshot()
        var cache = CredentialCache()
        var seen: [APIKey.Status?] = []
        for snapshot in [before, before, after, after, before] {
            seen.append(status(cache.match(one.credential.text.utf8.span, in: snapshot, at: Samples.now)))
        }
        #expect(seen == [.active, .active, .revoked, .revoked, .active])
    }

    @Test func `a cached key that the next snapshot does not have is unknown`() throws {
        let one = try OneKey()
        let before = try one.snapshot()
        let after = DirectorySnapshot(
            DirectoryContents(), authenticator: try Samples.secret.authenticator)
        var cache = CredentialCache()
        let first = cache.match(one.credential.text.utf8.span, in: before, at: Samples.now)
        let second = cache.match(one.credential.text.utf8.span, in: after, at: Samples.now)
        #expect(status(first) == .active)
        #expect(second == .unknown)
    }
}
