import Testing
import Vocabulary

@testable import Directory

struct DirectorySnapshotTests {
    /// A directory drawn from a seed, with the text of every key.
    struct Drawn {
        var contents = DirectoryContents()
        var credentials: [(text: String, principal: String, key: APIKey)] = []
        let authenticator: CredentialAuthenticator

        init(seed: UInt64, tenantCount: Int) throws {
            var generator = SeededGenerator(seed: seed)
            authenticator = try Samples.secret.authenticator
            for number in 0..<tenantCount {
                let tenant = Tenant(name: "t\(number)", plan: "starter")
                contents.tenants.append(tenant)
                for _ in 0..<Int.random(in: 0...3, using: &generator) { add(to: .tenant(tenant.name), &generator) }
            }
            for _ in 0..<3 { add(to: .platform, &generator) }
            contents.principals.shuffle(using: &generator)
        }

        private mutating func add(to owner: Principal.Owner, _ generator: inout SeededGenerator) {
            let taken = Set(contents.principals.filter { $0.owner == owner }.map(\.name))
            let names = ["web", "web2", "we", "worker", "a", "zz"].filter { !taken.contains($0) }
            guard let name = names.randomElement(using: &generator) else { return }
            var principal = Principal(owner: owner, name: name)
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                let credential = Credential(for: .live, using: &generator)
                let key = APIKey(
                    id: APIKey.randomID(using: &generator), hash: authenticator.hash(of: credential),
                    created: Samples.now,
                    expires: generator.oneIn(3) ? WallTime(milliseconds: .random(in: 0...100, using: &generator)) : nil,
                    revoked: generator.oneIn(4) ? Samples.now : nil)
                principal.keys.append(key)
                credentials.append((credential.text, principal.qualifiedName, key))
            }
            contents.principals.append(principal)
        }

        var snapshot: DirectorySnapshot {
            DirectorySnapshot(contents, authenticator: authenticator)
        }
    }

    @Test(arguments: 0..<20)
    func `every key is found with its principal and its worth, at every moment`(_ seed: UInt64) throws {
        let drawn = try Drawn(seed: seed, tenantCount: 40)
        let snapshot = drawn.snapshot
        #expect(snapshot.keyCount == drawn.credentials.count)
        for (text, principal, key) in drawn.credentials {
            for milliseconds: Int64 in [0, (key.expires?.milliseconds ?? 50) - 1, key.expires?.milliseconds ?? 50, 200]
            {
                let now = WallTime(milliseconds: milliseconds)
                let match = snapshot.match(text.utf8.span, at: now)
                guard case .known(let principalIndex, let keyIndex, let status) = match else {
                    Issue.record("\(key.id) of \(principal) is not found (seed \(seed))")
                    return
                }
                #expect(snapshot.principals[principalIndex].qualifiedName == principal)
                #expect(snapshot.key(at: keyIndex) == key)
                #expect(status == key.status(at: now))
            }
        }
    }

    @Test func `a key that was never issued is unknown`() throws {
        let drawn = try Drawn(seed: 1, tenantCount: 50)
        let snapshot = drawn.snapshot
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<1_000 {
            let text = Credential(for: .live, using: &generator).text
            let match = snapshot.match(text.utf8.span, at: Samples.now)
            #expect(match == .unknown)
        }
        for text in ["", "x", drawn.credentials[0].text.lowercased(), drawn.credentials[0].text + " "] {
            let match = snapshot.match(text.utf8.span, at: Samples.now)
            #expect(match == .unknown)
        }
    }

    @Test func `a directory without keys knows nobody`() throws {
        let snapshot = DirectorySnapshot(DirectoryContents(), authenticator: nil)
        var generator = SeededGenerator(seed: 4)
        let match = snapshot.match(Credential(for: .live, using: &generator).text.utf8.span, at: Samples.now)
        #expect(match == .unknown)
        #expect(snapshot.tenantIndex(named: "acme") == nil)
        #expect(snapshot.principalIndex(named: "web", tenant: nil) == nil)
    }

    @Test func `the status decides the reason of a refusal`() {
        #expect(CredentialMatch.unknown.refusal == .unknownCredential)
        #expect(CredentialMatch.known(principal: 0, key: 0, status: .active).refusal == nil)
        #expect(CredentialMatch.known(principal: 0, key: 0, status: .expired).refusal == .credentialRevoked)
        #expect(CredentialMatch.known(principal: 0, key: 0, status: .revoked).refusal == .credentialRevoked)
    }

    @Test(arguments: 0..<20)
    func `names lead to tenants and principals, and to nothing else`(_ seed: UInt64) throws {
        let drawn = try Drawn(seed: seed, tenantCount: 60)
        let snapshot = drawn.snapshot
        for (index, tenant) in drawn.contents.tenants.enumerated() {
            #expect(snapshot.tenantIndex(named: tenant.name) == index)
        }
        for name in ["", "t", "t60", "T1", "t1 ", "t01"] { #expect(snapshot.tenantIndex(named: name) == nil) }
        for owner in drawn.contents.tenants.map({ Principal.Owner.tenant($0.name) }) + [.platform] {
            let tenant: Int? = owner == .platform ? nil : snapshot.tenantIndex(named: owner.label)
            let own = drawn.contents.principals.filter { $0.owner == owner }
            #expect(snapshot.principalIndices(ofTenant: tenant).count == own.count)
            for name in ["web", "web2", "we", "worker", "a", "zz", "", "w", "webb", "zzz"] {
                let index = snapshot.principalIndex(named: name, tenant: tenant)
                #expect(index.map { snapshot.principals[$0] } == own.first { $0.name == name })
                if let index { #expect(snapshot.tenantIndex(ofPrincipal: index) == tenant) }
            }
        }
    }

    @Test func `every snapshot has a generation of its own`() throws {
        let drawn = try Drawn(seed: 1, tenantCount: 1)
        #expect(Set((0..<100).map { _ in drawn.snapshot.generation }).count == 100)
    }
}
