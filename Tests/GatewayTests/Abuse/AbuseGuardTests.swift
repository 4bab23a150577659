import Admission
import Journal
import Policy
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// The list behind the event loops: what changes it, what is written down, what is put back.
struct AbuseGuardTests {
    private static func policy() throws -> Snapshot {
        let text = """
            headgate: 1
            name: guarded
            owner: tests
            tiers: [{ name: critical }, { name: business }]
            classes: { work: { tier: business, consequence: low, owner: tests } }
            plans: { only: { tenant: { rate: 100/s } } }
            abuse:
              rules:
                loud: { detect: spike, subject: tenant, action: quarantine, for: 1m }
                seen: { detect: spike, subject: tenant, action: block, for: 1m, stage: shadow }
                counted: { detect: spike, subject: tenant, action: block, for: 1m, stage: observe }
                told: { detect: spike, subject: tenant, action: report, for: 1m }
            """
        return try #require(PolicyCompiler.compile([SourceFile(name: "policy.yaml", text: text)]).snapshot)
    }

    private let policy: Snapshot
    private let guarding: AbuseGuard

    init() throws {
        policy = try AbuseGuardTests.policy()
        guarding = AbuseGuard(policy: policy, hash: KeyedHash(key: (1, 2))) {}
    }

    private func act(_ rule: String, on tenant: String, at wall: Int64 = 0) throws {
        let rule = try #require(policy.abuse?.rules.first { $0.name == rule })
        guarding.act(
            on: rule, .tenant(tenant), "because", Evidence([Evidence.Number("requests", 7)]),
            at: WallTime(milliseconds: wall))
    }

    @Test func `each stage and action does as much as it says`() throws {
        for rule in ["counted", "told", "seen", "loud"] { try act(rule, on: rule) }
        #expect(guarding.entries.map(\.rule) == ["seen", "loud"])
        #expect(guarding.entries.map(\.stage) == [.shadow, .enforce])
        #expect(guarding.entries.map(\.sparedTiers) == [["critical"], ["critical"]])
        #expect(guarding.takeIncidents().map(\.event) == [.reported, .quarantined, .quarantined])
        #expect(guarding.takeIncidents().isEmpty)
    }

    @Test func `an entry ends with its time, and by hand, and both are written down`() throws {
        try act("loud", on: "acme")
        try act("loud", on: "other", at: 10)
        _ = guarding.takeIncidents()
        guarding.settle(at: WallTime(milliseconds: 60_000))
        #expect(guarding.entries.map(\.subject.name) == ["other"])
        let id = try #require(guarding.entries.first?.id)
        #expect(guarding.lift(id, at: WallTime(milliseconds: 60_001)) != nil)
        #expect(guarding.lift(id, at: WallTime(milliseconds: 60_001)) == nil)
        #expect(guarding.takeIncidents().map(\.event) == [.expired, .lifted])
        #expect(guarding.view.table.isEmpty)
    }

    @Test func `what was written down puts the same entries back`() throws {
        try act("loud", on: "acme")
        _ = try guarding.add(
            .addresses(try #require(AddressPrefix("2001:db8::/64"))), action: .coolDown, operatorName: "kim",
            reason: "a test", lasting: .seconds(60), at: WallTime(milliseconds: 5))
        let other = AbuseGuard(policy: policy, hash: KeyedHash(key: (3, 4))) {}
        other.restore(guarding.takeIncidents())
        #expect(other.entries == guarding.entries)
        #expect(other.entries.count == 2)
    }

    @Test func `a long list is made known when it settles`() throws {
        for number in 0..<300 { try act("loud", on: "tenant-\(number)") }
        #expect(guarding.entries.count == 300)
        func isKnown(_ tenant: String) -> Bool {
            guarding.view.table.find(
                tenant: KeyedHash(key: (1, 2))(tenant), key: 0, address: nil, tier: 1, trafficClass: 0,
                at: WallTime(milliseconds: 1)) != nil
        }
        #expect(isKnown("tenant-255") && !isKnown("tenant-299"))
        guarding.settle(at: WallTime(milliseconds: 1))
        #expect(isKnown("tenant-299"))
    }

    @Test func `what waits to be written has a bound, and what is lost is counted`() throws {
        for number in 0..<10_000 as Range<Int> { try act("told", on: "tenant-\(number)") }
        let waiting = guarding.takeIncidents()
        #expect(waiting.count <= AbuseGuard.outboxMax && waiting.last?.subject == "tenant-9999")
        var text = PrometheusText()
        guarding.write(&text)
        #expect(text.text.contains("headgate_abuse_dropped_total \(10_000 - waiting.count)\n"))
        #expect(text.text.contains("headgate_abuse_suspicions_total{rule=\"told\",action=\"report\"} 10000\n"))
    }
}
