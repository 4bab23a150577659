import Foundation
import Policy
import Testing
import Vocabulary

@testable import Directory

struct KeyCommandTests {
    private let fixture: DirectoryFixture

    init() throws { fixture = try DirectoryFixture() }

    @Test func `a revoked key is refused from the next load on, and its entry stays`() throws {
        let issued = try fixture.add()
        let other = try fixture.add(seed: 2)
        let revoked = try fixture.directory.revokeKey(issued.key.id, at: Samples.moment("2026-12-01"))
        #expect(revoked.principal == "acme/web")
        #expect(!revoked.wasRevokedBefore)
        #expect(revoked.linesToAdd == nil)
        let again = try fixture.directory.revokeKey(issued.key.id, at: Samples.moment("2026-12-02"))
        #expect(again.wasRevokedBefore)
        #expect(again.key.revoked == Samples.moment("2026-12-01"))
        let snapshot = try fixture.directory.load()
        let refusals = [issued, other].map { key in
            snapshot.match(key.credential.text.utf8.span, at: Samples.now).refusal
        }
        #expect(refusals == [.credentialRevoked, nil])
    }

    @Test func `a key given in the place of its id is not shown`() throws {
        let issued = try fixture.add()
        let error = try #require(
            fixture.failure { _ = try fixture.directory.revokeKey(issued.credential.text, at: Samples.now) })
        #expect(error.code == .invalidRequest)
        #expect(!error.text().contains(issued.credential.text.dropFirst(8).prefix(8)))
    }

    @Test func `a list shows what each key is worth, and nothing that helps to use it`() throws {
        let first = try fixture.add(label: "blue", expires: Samples.moment("2027-01-01"))
        let second = try fixture.add(.platform, "gateway", create: [], seed: 2)
        _ = try fixture.directory.revokeKey(second.key.id, at: Samples.now)
        let list = try fixture.directory.list(at: Samples.moment("2027-01-01"))
        #expect(
            list.table == """
                ID              PRINCIPAL         STATUS   CREATED               EXPIRES               LABEL
                \(first.key.id)  acme/web          expired  2026-11-21T00:00:00Z  2027-01-01T00:00:00Z  blue
                \(second.key.id)  platform/gateway  revoked  2026-11-21T00:00:00Z  -

                """)
        #expect(try fixture.directory.list(tenant: "acme", at: Samples.now).map(\.id) == [first.key.id])
        #expect(try fixture.directory.list(tenant: "small-co", at: Samples.now) == [])
    }

    @Test func `a check counts what is there and compares it with a policy`() throws {
        let issued = try fixture.add()
        let check = try fixture.directory.check(against: try Samples.policy())
        #expect(check.diagnostics.map(\.code.name) == ["unclaimable-class"])
        #expect(check.isUsable)
        #expect(check.counts == DirectoryCheck.Counts(tenants: 3, principals: 1, keys: 1))
        try FileManager.default.removeItem(atPath: fixture.directory.secretPath)
        let without = try fixture.directory.check()
        #expect(without.diagnostics.map(\.severity) == [.warning])
        #expect(without.isUsable)
        try fixture.folder.write(try fixture.folder.text().replacing("enterprise", with: "entreprise"))
        #expect(try !fixture.directory.check(against: try Samples.policy()).isUsable)
        try fixture.folder.write(try fixture.folder.text().replacing(issued.key.id, with: "/"))
        let broken = try fixture.directory.check()
        #expect(broken.counts == nil)
        #expect(!broken.isUsable)
    }
}
