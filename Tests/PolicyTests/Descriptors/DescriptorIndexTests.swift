import Policy
import Testing
import Vocabulary

/// What a snapshot says about descriptors.
struct DescriptorIndexTests {
    private let sample = DescriptorSample(
        """
          edge:
            keys:
              api_key: credential
              who: tenant
              user: principal
              verb: method
              url: path
              call: operation
              kind: class
              where: region
              units: cost
              stage: { attribute: workflow.stage }
              size: { attribute: size }
              trace: ignore
          legacy:
            limits:
              - { key: remote_address, rate: 10/s }
              - { key: remote_address, value: 10.0.0.7, unlimited: true }
              - { key: remote_address, value: "10.*", rate: 7/3s, burst: 20, stage: advise }
              - { key: remote_address, value: "10.1.*", requests: 0, unit: hour }
              - key: database
                value: users
                rate: 500/s
                burst: 1000
                limits:
                  - { key: table, value: "audit*", requests: 5000, unit: week, stage: shadow, name: audit-writes, shared: true }
                  - { key: table, requests: 60, unit: minute, replaces: [ audit-writes ] }
          none: { limits: [] }

        """)

    @Test func `a domain has its kind, its name and its keys`() throws {
        let index = try sample.snapshot().descriptors
        let edge = index.domain(named: Array("edge".utf8).span)
        let legacy = index.domain(named: Array("legacy".utf8).span)
        #expect(index.domain(named: Array("edg".utf8).span) == -1)
        #expect(index.domain(named: Array("".utf8).span) == -1)
        #expect(index.name(ofDomain: edge) == "edge" && index.name(ofDomain: legacy) == "legacy")
        #expect(index.isMapped(edge) && !index.isMapped(legacy))
        #expect(index.root(of: edge) == -1 && index.root(of: legacy) >= 0)
        #expect(!index.isMapped(index.domain(named: Array("none".utf8).span)))
        #expect(!index.replacesLimits(in: edge) && index.replacesLimits(in: legacy))
    }

    @Test(arguments: [
        ("api_key", DescriptorMeaning.credential), ("who", .tenant), ("user", .principal), ("verb", .method),
        ("url", .path), ("call", .operation), ("kind", .trafficClass), ("where", .region), ("units", .cost),
        ("trace", .ignored), ("size", .attribute(0)), ("stage", .attribute(1)),
    ])
    func `a key has its meaning in its domain and none elsewhere`(key: String, meaning: DescriptorMeaning) throws {
        let index = try sample.snapshot().descriptors
        let bytes = Array(key.utf8)
        #expect(index.meaning(of: bytes.span, in: index.domain(named: Array("edge".utf8).span)) == meaning)
        #expect(index.meaning(of: bytes.span, in: index.domain(named: Array("legacy".utf8).span)) == nil)
    }

    @Test func `attributes have their names`() throws {
        let index = try sample.snapshot().descriptors
        #expect([0, 1].map(index.attributeName) == ["size", "workflow.stage"])
    }

    @Test func `exact values come first, then the pattern with most before its star, then the key alone`() throws {
        let index = try sample.snapshot().descriptors
        let labels = ["10.0.0.7", "10.0.0.8", "10.1.0.7", "11.0.0.7", ""].map {
            index.label("legacy", [("remote_address", $0)])
        }
        #expect(
            labels == [
                "remote_address=10.0.0.7", "remote_address=10.*", "remote_address=10.1.*", "remote_address",
                "remote_address",
            ])
        #expect(index.label("legacy", [("remote", "10.0.0.7")]) == "none")
    }

    @Test func `a limit applies to descriptors that end at it`() throws {
        let index = try sample.snapshot().descriptors
        let users = ("database", "users")
        #expect(index.label("legacy", []) == "none")
        #expect(index.label("legacy", [users]) == "database=users")
        #expect(index.label("legacy", [users, ("table", "audit_7")]) == "database=users, table=audit*")
        #expect(index.label("legacy", [users, ("table", "audi")]) == "database=users, table")
        #expect(index.label("legacy", [users, ("table", "a"), ("more", "b")]) == "none")
        #expect(index.label("legacy", [("database", "other")]) == "none")
        #expect(index.label("legacy", [("table", "a"), users]) == "none")
    }

    @Test func `an exact value that leads nowhere is not taken back`() throws {
        let index = try DescriptorSample(
            """
              d:
                limits:
                  - { key: a, value: one, rate: 1/s }
                  - { key: a, limits: [ { key: b, rate: 2/s } ] }

            """
        ).snapshot().descriptors
        #expect(index.label("d", [("a", "two"), ("b", "x")]) == "a, b")
        #expect(index.label("d", [("a", "one"), ("b", "x")]) == "none")
    }

    @Test func `a limit says what Envoy is told, and which values tell counters apart`() throws {
        let snapshot = try sample.snapshot()
        let index = snapshot.descriptors
        func limit(_ entries: (String, String)...) throws -> DescriptorLimit {
            try #require(index.limit(at: index.node("legacy", entries)))
        }
        let exempt = try limit(("remote_address", "10.0.0.7"))
        #expect(exempt.plan == -1 && exempt.amount == nil && exempt.isShared(entry: 0))
        let slow = try limit(("remote_address", "10.0.0.8"))
        #expect(slow.amount?.requests == 140 && slow.amount?.unit == .minute && slow.stage == .advise)
        #expect(!slow.isShared(entry: 0))
        let none = try limit(("remote_address", "10.1.0.8"))
        #expect(none.amount?.requests == 0 && none.amount?.unit == .day)
        let audit = try limit(("database", "users"), ("table", "audit_1"))
        #expect(audit.isShared(entry: 0) && audit.isShared(entry: 1))
        #expect(audit.name == "audit-writes" && audit.stage == .shadow && audit.replaces.isEmpty)
        let table = try limit(("database", "users"), ("table", "x"))
        #expect(table.isShared(entry: 0) && !table.isShared(entry: 1))
        #expect(table.replaces == [index.node("legacy", [("database", "users"), ("table", "audit_1")])])
    }
}
