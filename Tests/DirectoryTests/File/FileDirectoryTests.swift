import Foundation
import Policy
import Testing
import Vocabulary

@testable import Directory

struct FileDirectoryTests {
    private static let text = """
        headgate-directory: 1

        # Customers, by the date of their contract.
        tenants:
          acme:  # since 2019
            plan: enterprise
            principals:
              web: { classes: [interactive] }  # the storefront
              # worker comes in spring
          sandy: { plan: starter, sandbox: true }
          small-co: { plan: starter, regions: [eu-west-1] }

        """

    private let folder: TemporaryFolder
    private let directory: FileDirectory

    init() throws {
        folder = try TemporaryFolder()
        directory = FileDirectory(path: try folder.write(Self.text))
    }

    private func add(
        _ owner: Principal.Owner = .tenant("acme"), _ principal: String = "web", create classes: [String]? = nil,
        label: String? = nil, expires: WallTime? = nil, seed: UInt64 = 1
    ) throws(DirectoryError) -> IssuedKey {
        var generator = SeededGenerator(seed: seed)
        return try directory.addKey(
            KeyRequest(
                owner: owner, principal: principal, classesOfNewPrincipal: classes, label: label, expires: expires),
            at: Samples.now, using: &generator)
    }

    private func failure(of body: () throws -> Void) -> DirectoryError? {
        do {
            try body()
            return nil
        } catch {
            return error as? DirectoryError
        }
    }

    @Test func `a new key is accepted after the next load, and the file shows one new line`() throws {
        let issued = try add(label: "blue", expires: Samples.moment("2027-01-01"))
        #expect(issued.linesToAdd == nil)
        #expect(issued.principal == "acme/web")
        let snapshot = try directory.load()
        let match = snapshot.match(issued.credential.text.utf8.span, at: Samples.now)
        guard case .known(let principal, let key, .active) = match else {
            Issue.record("the key is \(match)")
            return
        }
        #expect(snapshot.principals[principal].qualifiedName == "acme/web")
        #expect(snapshot.key(at: key) == issued.key)
        let line =
            "web: { classes: [interactive], keys: [ { id: \(issued.key.id), hash: \"\(issued.key.hash)\", "
            + "created: 2026-11-21T00:00:00Z, expires: 2027-01-01T00:00:00Z, label: blue } ] }  # the storefront"
        #expect(
            try folder.text() == Self.text.replacing("web: { classes: [interactive] }  # the storefront", with: line))
    }

    @Test func `a second key and a new principal come in the layout of the file`() throws {
        let first = try add(.tenant("acme"), "reconciler", create: ["repair"])
        let second = try add(.tenant("acme"), "reconciler", seed: 2)
        let third = try add(.platform, "gateway", create: [], seed: 3)
        func entry(_ key: APIKey) -> String {
            "- { id: \(key.id), hash: \"\(key.hash)\", created: 2026-11-21T00:00:00Z }"
        }
        let expected = Self.text
            .replacing(
                "  # the storefront\n",
                with: """
                      # the storefront
                          reconciler:
                            classes: [repair]
                            keys:
                              \(entry(first.key))
                              \(entry(second.key))

                    """
            )
            .replacing(
                "regions: [eu-west-1] }\n",
                with: """
                    regions: [eu-west-1] }
                    platform:
                      gateway:
                        keys:
                          \(entry(third.key))

                    """)
        #expect(try folder.text() == expected)
    }

    @Test func `a sandbox gets test keys, everybody else live keys`() throws {
        #expect(try add(.tenant("sandy"), "web", create: []).credential.text.hasPrefix("hg_test_"))
        #expect(try add().credential.text.hasPrefix("hg_live_"))
        #expect(try add(.platform, "gateway", create: []).credential.text.hasPrefix("hg_live_"))
    }

    @Test func `the secret is for its owner only and never stands in the directory`() throws {
        let issued = try add()
        #expect(try folder.names() == ["directory.yaml", "directory.yaml.secret"])
        #expect(try folder.permissions(of: "directory.yaml.secret") == 0o600)
        let secret = try folder.text(of: "directory.yaml.secret")
        #expect(secret.utf8.count == 65)
        let text = try folder.text()
        #expect(!text.contains(secret.prefix(16)))
        #expect(!text.contains(issued.credential.text.dropFirst(8).prefix(8)))
        _ = try add(seed: 2)
        #expect(try folder.text(of: "directory.yaml.secret") == secret)
    }

    @Test(arguments: [0o644, 0o640, 0o600, 0o664])
    func `the file keeps its permissions`(_ permissions: Int) throws {
        try folder.setPermissions(permissions)
        _ = try add()
        #expect(try folder.permissions() == permissions)
    }

    @Test func `a link to the file stays a link`() throws {
        let link = folder.path + "/link.yaml"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "directory.yaml")
        var generator = SeededGenerator(seed: 1)
        let issued = try FileDirectory(path: link).addKey(
            KeyRequest(owner: .tenant("acme"), principal: "web"), at: Samples.now, using: &generator)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "directory.yaml")
        #expect(try folder.text().contains(issued.key.id))
    }

    @Test func `the environment may name another place for the secret`() throws {
        let other = FileDirectory(
            path: directory.path, environment: [FileDirectory.secretVariable: folder.path + "/elsewhere"])
        var generator = SeededGenerator(seed: 1)
        _ = try other.addKey(KeyRequest(owner: .tenant("acme"), principal: "web"), at: Samples.now, using: &generator)
        #expect(try folder.names() == ["directory.yaml", "elsewhere"])
        #expect(try other.load().keyCount == 1)
        #expect(FileDirectory(path: "x", environment: [FileDirectory.secretVariable: ""]).secretPath == "x.secret")
    }

    @Test(arguments: [0o644, 0o604, 0o660, 0o610])
    func `a secret that is open to others is refused`(_ permissions: Int) throws {
        _ = try add()
        try folder.setPermissions(permissions, of: "directory.yaml.secret")
        #expect(failure { _ = try directory.load() }?.code == .secret)
        #expect(failure { _ = try add(seed: 2) }?.code == .secret)
    }

    @Test func `a secret that the group may read is accepted, as clusters mount it`() throws {
        _ = try add()
        try folder.setPermissions(0o440, of: "directory.yaml.secret")
        #expect(try directory.load().keyCount == 1)
    }

    @Test func `another secret than that of the keys is an error, and no new one is made`() throws {
        _ = try add()
        let text = try folder.text()
        for content in [String(repeating: "0", count: 64), nil] {
            try FileManager.default.removeItem(atPath: directory.secretPath)
            if let content {
                try folder.write(content, to: "directory.yaml.secret")
                try folder.setPermissions(0o600, of: "directory.yaml.secret")
            }
            let loading = try #require(failure { _ = try directory.load() })
            #expect(loading.diagnostics.map(\.code.name) == ["wrong-secret"])
            #expect(loading.text().contains(content == nil ? "does not exist" : "directory.yaml.secret holds"))
            let adding = try #require(failure { _ = try add(seed: 2) })
            #expect(adding.diagnostics.map(\.code.name) == ["wrong-secret"])
            #expect(try folder.text() == text)
        }
        #expect(try folder.names() == ["directory.yaml"])
        try folder.write("not a secret", to: "directory.yaml.secret")
        try folder.setPermissions(0o600, of: "directory.yaml.secret")
        #expect(failure { _ = try directory.load() }?.code == .secret)
    }

    @Test func `what cannot be is refused, and the file stays as it is`() throws {
        let cases: [(DirectoryError.Code, String, () throws -> Void)] = [
            (.unknownTenant, "did you mean `acme`?", { _ = try add(.tenant("acmee")) }),
            (.unknownPrincipal, "did you mean `web`?", { _ = try add(.tenant("acme"), "wbe") }),
            (.unknownPrincipal, "--create-principal", { _ = try add(.tenant("small-co"), "web") }),
            (.invalidRequest, "names are made of", { _ = try add(.tenant("acme"), "a/b", create: []) }),
            (.invalidRequest, "other classes", { _ = try add(.tenant("acme"), "web", create: ["repair"]) }),
            (.invalidRequest, "which is over", { _ = try add(expires: Samples.now) }),
            (.invalidRequest, "one line", { _ = try add(label: "two\nlines") }),
            (.invalidRequest, "one line", { _ = try add(label: " ") }),
            (.unknownKey, "list", { _ = try directory.revokeKey("k_0", at: Samples.now) }),
            (.unreadable, "No such file", { _ = try FileDirectory(path: folder.path + "/none").load() }),
            (.unreadable, "is no file", { _ = try FileDirectory(path: folder.path).load() }),
            (.unreadable, "is no file", { _ = try FileDirectory(path: "/dev/zero").load() }),
        ]
        for (code, part, body) in cases {
            let error = try #require(failure(of: body))
            #expect(error.code == code)
            #expect(error.text().contains(part), "\(error)")
        }
        #expect(try folder.text() == Self.text)
        #expect(try folder.names() == ["directory.yaml"])
    }

    @Test func `a file with errors is not touched`() throws {
        try folder.write(Self.text + "oops: 1\n")
        let error = try #require(failure { _ = try add() })
        #expect(error.code == .invalid)
        #expect(error.text().contains("`oops`"))
        #expect(try folder.text() == Self.text + "oops: 1\n")
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
        try folder.write(text)
        let issued = try add()
        #expect(try folder.text() == text)
        #expect(
            issued.linesToAdd == """
                tenants:
                  acme:
                    principals:
                      web:
                        keys:
                          - { id: \(issued.key.id), hash: "\(issued.key.hash)", created: 2026-11-21T00:00:00Z }

                """)
        try folder.write(
            text.replacing("    keys: []", with: "    keys: \(Fragment.sequence([Fragment(issued.key)], .flow).flow)")
                .replacing("*shared", with: "{}"))
        let match = try directory.load().match(issued.credential.text.utf8.span, at: Samples.now)
        #expect(match.refusal == nil)
    }

    @Test func `byte order mark and line ends stay`() throws {
        let text = "\u{FEFF}" + Self.text.replacing("\n", with: "\r\n")
        try folder.write(text)
        let issued = try add(.tenant("acme"), "worker", create: ["repair"])
        let after = try folder.text()
        #expect(after.unicodeScalars.first == "\u{FEFF}")
        #expect(!after.replacing("\r\n", with: "").contains("\n"))
        #expect(issued.linesToAdd == nil)
        #expect(try directory.load().keyCount == 1)
    }

    @Test func `a revoked key is refused from the next load on, and its entry stays`() throws {
        let issued = try add()
        let other = try add(seed: 2)
        let revoked = try directory.revokeKey(issued.key.id, at: Samples.moment("2026-12-01"))
        #expect(revoked.principal == "acme/web")
        #expect(!revoked.wasRevokedBefore)
        #expect(revoked.linesToAdd == nil)
        let again = try directory.revokeKey(issued.key.id, at: Samples.moment("2026-12-02"))
        #expect(again.wasRevokedBefore)
        #expect(again.key.revoked == Samples.moment("2026-12-01"))
        let snapshot = try directory.load()
        let refusals = [issued, other].map { key in
            snapshot.match(key.credential.text.utf8.span, at: Samples.now).refusal
        }
        #expect(refusals == [.credentialRevoked, nil])
    }

    @Test func `a key given in the place of its id is not shown`() throws {
        let issued = try add()
        let error = try #require(failure { _ = try directory.revokeKey(issued.credential.text, at: Samples.now) })
        #expect(error.code == .invalidRequest)
        #expect(!error.text().contains(issued.credential.text.dropFirst(8).prefix(8)))
    }

    @Test func `a list shows what each key is worth, and nothing that helps to use it`() throws {
        let first = try add(label: "blue", expires: Samples.moment("2027-01-01"))
        let second = try add(.platform, "gateway", create: [], seed: 2)
        _ = try directory.revokeKey(second.key.id, at: Samples.now)
        let list = try directory.list(at: Samples.moment("2027-01-01"))
        #expect(
            list.table == """
                ID              PRINCIPAL         STATUS   CREATED               EXPIRES               LABEL
                \(first.key.id)  acme/web          expired  2026-11-21T00:00:00Z  2027-01-01T00:00:00Z  blue
                \(second.key.id)  platform/gateway  revoked  2026-11-21T00:00:00Z  -

                """)
        #expect(try directory.list(tenant: "acme", at: Samples.now).map(\.id) == [first.key.id])
        #expect(try directory.list(tenant: "small-co", at: Samples.now) == [])
    }

    @Test func `a check counts what is there and compares it with a policy`() throws {
        let issued = try add()
        let check = try directory.check(against: try Samples.policy())
        #expect(check.diagnostics.map(\.code.name) == ["unclaimable-class"])
        #expect(check.isUsable)
        #expect(check.counts == DirectoryCheck.Counts(tenants: 3, principals: 1, keys: 1))
        try FileManager.default.removeItem(atPath: directory.secretPath)
        let without = try directory.check()
        #expect(without.diagnostics.map(\.severity) == [.warning])
        #expect(without.isUsable)
        try folder.write(try folder.text().replacing("enterprise", with: "entreprise"))
        #expect(try !directory.check(against: try Samples.policy()).isUsable)
        try folder.write(try folder.text().replacing(issued.key.id, with: "/"))
        let broken = try directory.check()
        #expect(broken.counts == nil)
        #expect(!broken.isUsable)
    }

    @Test func `keys that are added at once are all there afterwards`() async throws {
        let directory = directory
        let count = 24
        let credentials = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<count {
                group.addTask {
                    var generator = SeededGenerator(seed: UInt64(number))
                    let owner: Principal.Owner = number % 2 == 0 ? .tenant("acme") : .tenant("small-co")
                    let request = KeyRequest(
                        owner: owner, principal: number % 2 == 0 ? "web" : "worker-\(number % 5)",
                        classesOfNewPrincipal: number % 2 == 0 ? nil : ["repair"])
                    return try directory.addKey(request, at: Samples.now, using: &generator).credential.text
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let snapshot = try directory.load()
        #expect(snapshot.keyCount == count)
        let refusals = credentials.map { snapshot.match($0.utf8.span, at: Samples.now).refusal }
        #expect(refusals.allSatisfy { $0 == nil })
        #expect(try folder.names() == ["directory.yaml", "directory.yaml.secret"])
        #expect(try folder.text().contains("# worker comes in spring"))
    }

    @Test func `readers always see a whole file while keys are added`() async throws {
        let directory = directory
        _ = try add(seed: 100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<20 {
                    var generator = SeededGenerator(seed: UInt64(number))
                    _ = try directory.addKey(
                        KeyRequest(owner: .tenant("acme"), principal: "web"), at: Samples.now, using: &generator)
                }
            }
            group.addTask {
                var last = 0
                while last < 21 {
                    let count = try directory.load().keyCount
                    #expect(count >= last)
                    last = count
                }
            }
            try await group.waitForAll()
        }
    }
}
