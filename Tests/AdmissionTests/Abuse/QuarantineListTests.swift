import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@testable import Admission

/// Who is in quarantine, and what that does to requests.
@Suite struct `the quarantine list` {
    private static func entry(
        _ number: UInt128, _ subject: Quarantine.Subject, _ action: AbuseRule.Action = .quarantine,
        rule: String? = "rule", stage: Stage = .enforce, until: Int64 = 1_000, spares: [String] = []
    ) -> Quarantine {
        Quarantine(
            id: DecisionID(bits: number), subject: subject, action: action, stage: stage, rule: rule,
            operatorName: rule == nil ? "kim" : nil, reason: "because", evidence: Evidence([]),
            since: WallTime(milliseconds: 0), until: WallTime(milliseconds: until), sparedTiers: spares)
    }

    @Test func `has one entry for each subject: the stronger or longer one of rules, the last one of people`() {
        var list = QuarantineList()
        let acme = Quarantine.Subject.tenant("acme")
        #expect(list.add(Self.entry(1, acme)) == .added(replaced: nil))
        #expect(list.add(Self.entry(2, acme)) == .covered(DecisionID(bits: 1)))
        #expect(list.add(Self.entry(3, acme, until: 2_000)) == .added(replaced: DecisionID(bits: 1)))
        #expect(list.add(Self.entry(4, acme, .block)) == .added(replaced: DecisionID(bits: 3)))
        #expect(list.add(Self.entry(5, acme, .coolDown, rule: nil)) == .added(replaced: DecisionID(bits: 4)))
        #expect(list.add(Self.entry(6, acme, .block, until: 9_000)) == .covered(DecisionID(bits: 5)))
        #expect(list.sorted.map(\.id.bits) == [5])
    }

    @Test func `lets go by hand and by time, and a rule may find somebody again`() {
        var list = QuarantineList()
        _ = list.add(Self.entry(1, .tenant("acme")))
        _ = list.add(Self.entry(2, .key("k1"), until: 500))
        #expect(list.expire(at: WallTime(milliseconds: 499)).isEmpty)
        #expect(list.expire(at: WallTime(milliseconds: 500)).map(\.id.bits) == [2])
        #expect(list.lift(DecisionID(bits: 1))?.subject == .tenant("acme"))
        #expect(list.lift(DecisionID(bits: 1)) == nil)
        #expect(list.add(Self.entry(3, .tenant("acme"))) == .added(replaced: nil))
    }

    @Test func `is bounded, in entries and in lengths of prefixes`() throws {
        var list = QuarantineList()
        for number in 0..<QuarantineList.countMax {
            _ = list.add(Self.entry(UInt128(number), .key("k\(number)")))
        }
        #expect(list.add(Self.entry(9_999, .tenant("acme"))) == .full)
        #expect(list.add(Self.entry(9_998, .key("k1"), .block)) == .added(replaced: DecisionID(bits: 1)))
        var lengths = QuarantineList()
        let address = try #require(IPAddress("10.0.0.0"))
        for length in 0..<QuarantineList.prefixLengthsMax {
            let prefix = AddressPrefix(address, length: 104 + length)
            #expect(lengths.add(Self.entry(UInt128(length), .addresses(prefix))) == .added(replaced: nil))
        }
        #expect(lengths.add(Self.entry(99, .addresses(AddressPrefix(address, length: 127)))) == .tooManyLengths)
    }

    private func find(
        _ entries: [Quarantine], tenant: UInt128 = 0, key: UInt128 = 0, address: String? = nil, tier: Int = 1,
        at wall: Int64 = 0
    ) throws -> (id: UInt128, isSpared: Bool)? {
        var list = QuarantineList()
        for entry in entries { _ = list.add(entry) }
        let world = World()
        let table = QuarantineTable(list, for: try world.snapshot()) { subject in
            switch subject {
            case .key: 1
            case .tenant: 2
            case .addresses: 3
            }
        }
        let match = table.find(
            tenant: tenant, key: key, address: try address.map { try #require(IPAddress($0)) }, tier: tier,
            trafficClass: 0, at: WallTime(milliseconds: wall))
        return match.map { ($0.entry.id.bits, $0.isSpared) }
    }

    @Test func `finds a request by tenant, key, address and prefix, until the time is over`() throws {
        let prefix = try #require(AddressPrefix("198.51.100.0/24"))
        let entries = [
            Self.entry(1, .tenant("acme")), Self.entry(2, .key("k")), Self.entry(3, .addresses(prefix)),
        ]
        #expect(try find(entries) == nil)
        #expect(try find(entries, tenant: 2)?.id == 1)
        #expect(try find(entries, key: 1)?.id == 2)
        #expect(try find(entries, address: "198.51.100.9")?.id == 3)
        #expect(try find(entries, address: "198.51.101.9") == nil)
        #expect(try find(entries, tenant: 2, at: 999)?.id == 1)
        #expect(try find(entries, tenant: 2, at: 1_000) == nil)
    }

    @Test func `leaves work of a tier alone that it spares, unless another entry does not`() throws {
        let entries = [
            Self.entry(1, .tenant("acme"), .block, spares: ["critical"]), Self.entry(2, .key("k"), .quarantine),
        ]
        #expect(try find(entries, tenant: 2, tier: 0)?.isSpared == true)
        #expect(try find(entries, tenant: 2, tier: 1)?.isSpared == false)
        #expect(try find(entries, tenant: 2, key: 1, tier: 0)?.id == 2)
        #expect(try find(entries, tenant: 2, key: 1, tier: 1)?.id == 1)
    }

    @Test func `of several entries the one that is meant and does most speaks`() throws {
        let prefix = try #require(AddressPrefix("198.51.100.0/24"))
        let entries = [
            Self.entry(1, .tenant("acme"), .block, stage: .shadow), Self.entry(2, .key("k"), .coolDown),
            Self.entry(3, .addresses(prefix), .challenge),
        ]
        #expect(try find(entries, tenant: 2, key: 1, address: "198.51.100.9")?.id == 3)
        #expect(try find(entries, tenant: 2, key: 1)?.id == 2)
        #expect(try find(entries, tenant: 2)?.id == 1)
    }
}
