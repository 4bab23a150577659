import Policy
import Testing
import Vocabulary

@testable import Directory

struct DirectoryReaderTests {
    private static let hash = "hmac-sha256:0badcafe:" + String(repeating: "ab", count: 32)
    private static let otherHash = "hmac-sha256:0badcafe:" + String(repeating: "cd", count: 32)

    @Test func `everything that a directory can say is read`() throws {
        let document = Samples.document(
            """
            headgate-directory: 1
            tenants:
              acme:
                plan: enterprise
                segment: retail and wholesale
                regions: [eu-west-1, us-east-1]
                sandbox: true
                suspended: true
                principals:
                  web:
                    description: The web application
                    classes: [interactive, export]
                    attributes: [workflow.stage]
                    keys:
                      - id: k_1
                        hash: "\(Self.hash)"
                        created: 2026-11-21T00:00:00Z
                        expires: 2027-11-21
                        revoked: 2026-12-01T10:00:00+01:00
                        label: "blue / green"
                  idle:
              small-co: { plan: starter }
            platform:
              gateway: { keys: [ { id: k_2, hash: "\(Self.otherHash)", created: 2026-11-21 } ] }
            """)
        #expect(document.diagnostics == [])
        let contents = try #require(document.contents)
        #expect(
            contents.tenants == [
                Tenant(
                    name: "acme", plan: "enterprise", segment: "retail and wholesale",
                    regions: ["eu-west-1", "us-east-1"], isSandbox: true, isSuspended: true),
                Tenant(name: "small-co", plan: "starter"),
            ])
        let hash = try #require(KeyHash(Self.hash))
        let otherHash = try #require(KeyHash(Self.otherHash))
        #expect(
            contents.principals == [
                Principal(
                    owner: .tenant("acme"), name: "web", classes: ["interactive", "export"],
                    attributes: ["workflow.stage"], summary: "The web application",
                    keys: [
                        APIKey(
                            id: "k_1", hash: hash, created: Samples.now, expires: Samples.moment("2027-11-21"),
                            revoked: Samples.moment("2026-12-01T09:00:00Z"), label: "blue / green")
                    ]),
                Principal(owner: .tenant("acme"), name: "idle"),
                Principal(
                    owner: .platform, name: "gateway",
                    keys: [APIKey(id: "k_2", hash: otherHash, created: Samples.now)]),
            ])
        #expect(document.mentions.plans.map(\.name) == ["enterprise", "starter"])
        #expect(document.mentions.classes.map(\.name) == ["interactive", "export"])
        #expect(document.mentions.regions.map(\.name) == ["eu-west-1", "us-east-1"])
        #expect(document.mentions.secrets.map(\.name) == ["0badcafe"])
        #expect(document.mentions.secrets.map(\.count) == [2])
    }

    @Test(arguments: [
        "headgate-directory: 1", "headgate-directory: 1\ntenants:\nplatform: {}\n", "{headgate-directory: 1}",
    ])
    func `a directory may be empty`(_ text: String) throws {
        let document = Samples.document(text)
        #expect(document.diagnostics == [])
        #expect(document.contents == DirectoryContents())
    }

    @Test func `all problems are said at once, each where it stands`() {
        let document = Samples.document(
            """
            headgate-directory: 2
            tenants:
              acme: { plan: enterprise, regoins: [eu-west-1] }
              "a/b": { plan: starter }
              platform: { plan: starter }
              no-plan: { sandbox: maybe, regions: [] }
              keys:
                plan: starter
                principals:
                  web:
                    tenant: acme
                    classes: [repair, repair]
                    keys:
                      - { id: k_1, hash: "\(Self.hash)", created: yesterday }
                      - { id: k_1, hash: "\(Self.hash)", created: 2026-11-21, expires: 2026-11-21 }
                      - { hash: md5 }
                  "": {}
            principals: {}
            """)
        #expect(document.contents == nil)
        #expect(
            document.diagnostics.map { "\($0.span.line):\($0.span.column) \($0.code.name)" } == [
                "1:21 invalid-value", "3:29 unknown-key", "4:3 invalid-name", "5:3 invalid-name", "6:3 missing-key",
                "6:23 wrong-type", "6:39 invalid-value", "11:9 unknown-key", "12:27 duplicate-value",
                "14:128 wrong-type", "15:19 duplicate-value", "15:30 duplicate-value", "15:140 invalid-value",
                "16:13 missing-key", "16:21 wrong-type", "17:7 invalid-key", "18:1 unknown-key",
            ])
    }

    @Test func `a policy in the place of a directory is recognised`() {
        #expect(
            Samples.rendered("headgate: 1\nname: signing-platform\nplans: {}\n") == """
                directory.yaml:1:1: error: this is a policy, not a directory [missing-key]
                  headgate: 1
                  ^~~~~~~~
                  help: a directory begins with `headgate-directory: 1`

                """)
    }

    @Test func `a key in plain text is reported and not shown again`() {
        var generator = SeededGenerator(seed: 5)
        let credential = Credential(for: .live, using: &generator)
        let text = Samples.rendered(
            """
            headgate-directory: 1
            tenants:
              acme:
                plan: starter
                principals:
                  web:
                    keys:
                      - { id: k_1, hash: \(credential.text), created: 2026-11-21 }
            """)
        #expect(
            text.contains("directory.yaml:8:30: error: in line 8 a key stands where its hash belongs [exposed-key]"))
        #expect(!text.contains(credential.text.dropFirst(8)))
    }

    @Test(arguments: [
        "", "\u{0}", "- 1", "a: [", "headgate-directory: &a [*a]", "headgate-directory: 1\ntenants: 5",
        "headgate-directory: 1\ntenants: [a, b]", "headgate-directory: 1\ntenants: { acme: enterprise }",
        "headgate-directory: 1\ntenants: { acme: { plan: [x] } }", "headgate-directory: 1\n---\na: 1",
        "headgate-directory: 1\ntenants: { acme: { plan: x }, acme: { plan: y } }",
        "headgate-directory: 1\ntenants: { acme: { plan: x, principals: { web: { keys: 7 } } } }",
        "headgate-directory: 1\ntenants: { acme: { plan: x, principals: { web: { keys: [7] } } } }",
        "headgate-directory: 1\ntenants: { acme: { plan: x, principals: { web: { classes: interactive } } } }",
        "headgate-directory: 1\ntenants: { acme: { plan: x, sandbox: \"\" } }",
        "headgate-directory: 99999999999999999999999",
        "headgate-directory: 1\ntenants: { acme: { plan: \"\u{202E}\" } }",
    ])
    func `what no directory can say is refused with a reason`(_ text: String) {
        let document = Samples.document(text)
        #expect(document.contents == nil)
        #expect(document.diagnostics.containsErrors)
    }

    @Test func `aliases cannot make a small file large`() {
        var text = "headgate-directory: 1\nx0: &x0 [a, a, a, a, a, a, a, a, a, a]\n"
        for level in 1..<12 {
            text += "x\(level): &x\(level) [\((0..<10).map { _ in "*x\(level - 1)" }.joined(separator: ", "))]\n"
        }
        #expect(Samples.document(text).diagnostics.contains { $0.code == .tooLarge })
    }

    @Test func `nesting has a bottom`() {
        let text = "headgate-directory: 1\ntenants: " + String(repeating: "[", count: 20_000)
        #expect(Samples.document(text).diagnostics.containsErrors)
    }

    @Test func `a damaged directory is read or refused, and never crashes`() {
        let whole = Array(
            """
            headgate-directory: 1
            tenants: # all of them
              acme: &a { plan: enterprise, regions: [eu-west-1], sandbox: true }
              beta:
                plan: 'starter'
                principals: { web: { classes: [interactive], keys: [] } }
            platform:
              gateway: { keys: [ { id: k_2, hash: "\(Self.hash)", created: 2026-11-21T00:00:00Z } ] }
            """.utf8)
        var generator = SeededGenerator(seed: 2026)
        let noise = Array("{}[]:,-#&*!|>'\"%@`~\n\t\r \\\0\u{7F}\u{C3}k1".utf8)
        var unreadable = 0
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = noise[Int.random(in: noise.indices, using: &generator)]
                case 1: bytes.insert(noise[Int.random(in: noise.indices, using: &generator)], at: place)
                default: bytes.remove(at: place)
                }
            }
            let document = DirectoryDocument(reading: SourceFile(name: "directory.yaml", bytes: bytes))
            #expect((document.contents == nil) == document.diagnostics.containsErrors)
            if document.contents == nil { unreadable += 1 }
        }
        #expect(unreadable > 500)
    }

    @Test func `a key is no name, and is not repeated`() throws {
        let key = "hg_live_7Q2M9X4C8H1V5T3ZKJ6RB0WNDYGPASEF3K9QX0M"
        let folder = try TemporaryFolder()
        let directory = FileDirectory(
            path: try folder.write("headgate-directory: 1\ntenants:\n  \(key): { plan: starter }\n"))
        let error = try #require(throws: DirectoryError.self) { try directory.load() }
        #expect(error.text().contains("is not a name [invalid-name]"))
        #expect(!error.text().contains("7Q2M"))
        try folder.write(
            """
            headgate-directory: 1
            tenants:
              acme:
                plan: starter
                principals:
                  web: { keys: [{ id: \(key), hash: "hmac-sha256:x", created: 2026-11-21 }] }

            """)
        let other = try #require(throws: DirectoryError.self) { try directory.load() }
        #expect(other.text().contains("in line 6 a key stands where its id belongs [exposed-key]"))
        #expect(!other.text().contains("7Q2M"))
    }
}
