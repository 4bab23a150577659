import Foundation
import Testing

@testable import Directory

struct AddKeyTests {
    private let fixture: DirectoryFixture

    init() throws { fixture = try DirectoryFixture() }

    @Test func `a new key is accepted after the next load, and the file shows nothing else`() throws {
        let issued = try fixture.add(label: "blue", expires: Samples.moment("2027-01-01"))
        #expect(issued.linesToAdd == nil)
        #expect(issued.principal == "acme/web")
        let snapshot = try fixture.directory.load()
        let match = snapshot.match(issued.credential.text.utf8.span, at: Samples.now)
        guard case .known(let principal, let key, .active) = match else {
            Issue.record("the key is \(match)")
            return
        }
        #expect(snapshot.principals[principal].qualifiedName == "acme/web")
        #expect(snapshot.key(at: key) == issued.key)
        #expect(
            try fixture.folder.text() == """
                headgate-directory: 1

                # Customers, by the date of their contract.
                tenants:
                  acme:  # since 2019
                    plan: enterprise
                    principals:
                      web:  # the storefront
                        classes: [interactive]
                        keys:
                          - { id: \(issued.key.id), hash: "\(issued.key.hash)", created: 2026-11-21T00:00:00Z, \
                expires: 2027-01-01T00:00:00Z, label: blue }
                      # worker comes in spring
                  sandy: { plan: starter, sandbox: true }
                  small-co: { plan: starter, regions: [eu-west-1] }

                """)
    }

    @Test func `new keys and principals come in the layout of the file`() throws {
        let keys = [
            try fixture.add(.tenant("acme"), "reconciler", create: ["repair"], seed: 1).key,
            try fixture.add(.tenant("acme"), "reconciler", seed: 2).key,
            try fixture.add(.platform, "gateway", create: [], seed: 3).key,
            try fixture.add(.tenant("small-co"), "web", create: ["interactive"], seed: 4).key,
        ]
        let entries = keys.map { "- { id: \($0.id), hash: \"\($0.hash)\", created: 2026-11-21T00:00:00Z }" }
        #expect(
            try fixture.folder.text() == """
                headgate-directory: 1

                # Customers, by the date of their contract.
                tenants:
                  acme:  # since 2019
                    plan: enterprise
                    principals:
                      web: { classes: [interactive] }  # the storefront
                      reconciler:
                        classes: [repair]
                        keys:
                          \(entries[0])
                          \(entries[1])
                      # worker comes in spring
                  sandy: { plan: starter, sandbox: true }
                  small-co:
                    plan: starter
                    regions: [eu-west-1]
                    principals:
                      web:
                        classes: [interactive]
                        keys:
                          \(entries[3])
                platform:
                  gateway:
                    keys:
                      \(entries[2])

                """)
    }

    @Test func `a sandbox gets test keys, everybody else live keys`() throws {
        #expect(try fixture.add(.tenant("sandy"), "web", create: []).credential.text.hasPrefix("hg_test_"))
        #expect(try fixture.add().credential.text.hasPrefix("hg_live_"))
        #expect(try fixture.add(.platform, "gateway", create: []).credential.text.hasPrefix("hg_live_"))
    }

    @Test(arguments: [0o644, 0o640, 0o600, 0o664])
    func `the file keeps its permissions`(_ permissions: Int) throws {
        try fixture.folder.setPermissions(permissions)
        _ = try fixture.add()
        #expect(try fixture.folder.permissions() == permissions)
    }

    @Test func `a link to the file stays a link`() throws {
        let link = fixture.folder.path + "/link.yaml"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "directory.yaml")
        var generator = SeededGenerator(seed: 1)
        let issued = try FileDirectory(path: link).addKey(
            KeyRequest(owner: .tenant("acme"), principal: "web"), at: Samples.now, using: &generator)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "directory.yaml")
        #expect(try fixture.folder.text().contains(issued.key.id))
    }

    @Test func `what cannot be is refused, and the file stays as it is`() throws {
        let cases: [(DirectoryError.Code, String, () throws -> Void)] = [
            (.unknownTenant, "did you mean `acme`?", { _ = try fixture.add(.tenant("acmee")) }),
            (.unknownPrincipal, "did you mean `web`?", { _ = try fixture.add(.tenant("acme"), "wbe") }),
            (.unknownPrincipal, "--create-principal", { _ = try fixture.add(.tenant("small-co"), "web") }),
            (.invalidRequest, "names are made of", { _ = try fixture.add(.tenant("acme"), "a/b", create: []) }),
            (.invalidRequest, "name of a class", { _ = try fixture.add(.tenant("acme"), "new", create: ["a@b"]) }),
            (.invalidRequest, "other classes", { _ = try fixture.add(.tenant("acme"), "web", create: ["repair"]) }),
            (.invalidRequest, "which is over", { _ = try fixture.add(expires: Samples.now) }),
            (.invalidRequest, "one line", { _ = try fixture.add(label: "two\nlines") }),
            (.invalidRequest, "one line", { _ = try fixture.add(label: " ") }),
            (.unknownKey, "list", { _ = try fixture.directory.revokeKey("k_0", at: Samples.now) }),
            (.unreadable, "No such file", { _ = try FileDirectory(path: fixture.folder.path + "/none").load() }),
            (.unreadable, "is no file", { _ = try FileDirectory(path: fixture.folder.path).load() }),
            (.unreadable, "is no file", { _ = try FileDirectory(path: "/dev/zero").load() }),
        ]
        for (code, part, body) in cases {
            let error = try #require(fixture.failure(of: body))
            #expect(error.code == code)
            #expect(error.text().contains(part), "\(error)")
        }
        #expect(try fixture.folder.text() == DirectoryFixture.text)
        #expect(try fixture.folder.names() == ["directory.yaml"])
    }

    @Test func `a file with errors is not touched`() throws {
        try fixture.folder.write(DirectoryFixture.text + "oops: 1\n")
        let error = try #require(fixture.failure { _ = try fixture.add() })
        #expect(error.code == .invalid)
        #expect(error.text().contains("`oops`"))
        #expect(try fixture.folder.text() == DirectoryFixture.text + "oops: 1\n")
    }

    @Test func `where no edit means the right thing, the lines to add are given and the file stays as it is`() throws {
        let text = """
            headgate-directory: 1
            tenants:
              acme:
                plan: enterprise
                principals:
                  web: &shared
                    keys: []
                  worker: *shared

            """
        try fixture.folder.write(text)
        let issued = try fixture.add()
        #expect(try fixture.folder.text() == text)
        #expect(
            issued.linesToAdd == """
                tenants:
                  acme:
                    principals:
                      web:
                        keys:
                          - { id: \(issued.key.id), hash: "\(issued.key.hash)", created: 2026-11-21T00:00:00Z }

                """)
        try fixture.folder.write(
            text.replacing("    keys: []", with: "    keys: \(Fragment.sequence([Fragment(issued.key)], .flow).flow)")
                .replacing("*shared", with: "{}"))
        let match = try fixture.directory.load().match(issued.credential.text.utf8.span, at: Samples.now)
        #expect(match.refusal == nil)
    }

    @Test func `byte order mark and line ends stay`() throws {
        let text = "\u{FEFF}" + DirectoryFixture.text.replacing("\n", with: "\r\n")
        try fixture.folder.write(text)
        let issued = try fixture.add(.tenant("acme"), "worker", create: ["repair"])
        let after = try fixture.folder.text()
        #expect(after.unicodeScalars.first == "\u{FEFF}")
        #expect(!after.replacing("\r\n", with: "").contains("\n"))
        #expect(issued.linesToAdd == nil)
        #expect(try fixture.directory.load().keyCount == 1)
    }

    @Test func `a file that is too large is refused before it fills the memory`() throws {
        let handle = try #require(FileHandle(forWritingAtPath: fixture.directory.path))
        try handle.truncate(atOffset: UInt64(FileDirectory.byteCountMax) + 1)
        let error = try #require(fixture.failure { _ = try fixture.directory.load() })
        #expect(error.code == .unreadable)
        #expect(error.message.hasSuffix("is larger than 64 MiB"))
    }
}
