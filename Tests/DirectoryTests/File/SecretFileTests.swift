import Foundation
import Policy
import Testing

@testable import Directory

struct SecretFileTests {
    private let fixture: DirectoryFixture

    init() throws { fixture = try DirectoryFixture() }

    @Test func `the secret is for its owner only and never stands in the directory`() throws {
        let issued = try fixture.add()
        #expect(try fixture.folder.names() == ["directory.yaml", "directory.yaml.secret"])
        #expect(try fixture.folder.permissions(of: "directory.yaml.secret") == 0o600)
        let secret = try fixture.folder.text(of: "directory.yaml.secret")
        #expect(secret.utf8.count == 65)
        let text = try fixture.folder.text()
        #expect(!text.contains(secret.prefix(16)))
        #expect(!text.contains(issued.credential.text.dropFirst(8).prefix(8)))
        _ = try fixture.add(seed: 2)
        #expect(try fixture.folder.text(of: "directory.yaml.secret") == secret)
    }

    @Test func `the environment may name another place for the secret`() throws {
        let other = FileDirectory(
            path: fixture.directory.path,
            environment: [FileDirectory.secretVariable: fixture.folder.path + "/elsewhere"])
        var generator = SeededGenerator(seed: 1)
        _ = try other.addKey(KeyRequest(owner: .tenant("acme"), principal: "web"), at: Samples.now, using: &generator)
        #expect(try fixture.folder.names() == ["directory.yaml", "elsewhere"])
        #expect(try other.load().keyCount == 1)
        #expect(FileDirectory(path: "x", environment: [FileDirectory.secretVariable: ""]).secretPath == "x.secret")
    }

    @Test(arguments: [0o644, 0o604, 0o660, 0o610])
    func `a secret that is open to others is refused`(_ permissions: Int) throws {
        _ = try fixture.add()
        try fixture.folder.setPermissions(permissions, of: "directory.yaml.secret")
        #expect(fixture.failure { _ = try fixture.directory.load() }?.code == .secret)
        #expect(fixture.failure { _ = try fixture.add(seed: 2) }?.code == .secret)
    }

    @Test func `a secret that the group may read is accepted, as clusters mount it`() throws {
        _ = try fixture.add()
        try fixture.folder.setPermissions(0o440, of: "directory.yaml.secret")
        #expect(try fixture.directory.load().keyCount == 1)
    }

    @Test func `another secret than that of the keys is an error, and no new one is made`() throws {
        _ = try fixture.add()
        let text = try fixture.folder.text()
        for content in [String(repeating: "0", count: 64), nil] {
            try FileManager.default.removeItem(atPath: fixture.directory.secretPath)
            if let content {
                try fixture.folder.write(content, to: "directory.yaml.secret")
                try fixture.folder.setPermissions(0o600, of: "directory.yaml.secret")
            }
            let loading = try #require(fixture.failure { _ = try fixture.directory.load() })
            #expect(loading.diagnostics.map(\.code.name) == ["wrong-secret"])
            #expect(loading.text().contains(content == nil ? "does not exist" : "directory.yaml.secret holds"))
            let adding = try #require(fixture.failure { _ = try fixture.add(seed: 2) })
            #expect(adding.diagnostics.map(\.code.name) == ["wrong-secret"])
            #expect(try fixture.folder.text() == text)
        }
        #expect(try fixture.folder.names() == ["directory.yaml"])
        try fixture.folder.write("not a secret", to: "directory.yaml.secret")
        try fixture.folder.setPermissions(0o600, of: "directory.yaml.secret")
        #expect(fixture.failure { _ = try fixture.directory.load() }?.code == .secret)
    }
}
