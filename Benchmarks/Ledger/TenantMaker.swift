import Directory
import Foundation
import Governance
import Ledger
import PostgresLedger
import Vocabulary

/// Fills a ledger with tenants: the same ones for the same seed.
///
/// `ledger-benchmark tenants FOLDER COUNT SEED [ADDRESS]`. Each tenant has a principal and a key, so three records; one
/// in a hundred also has a contract of its own or an exemption, which two people have agreed on. The folder is a data
/// folder, where `headgate init` has begun a ledger or where one is begun here. `FOLDER/sample-keys` gets the keys of a
/// thousand of the tenants, one a line with the name in front.
struct TenantMaker {
    private let ledger: LedgerWriter
    private let secret: DirectorySecret
    private var chance: SeededChance
    private let count: Int
    private let beginning: WallTime
    private var samples = ""

    /// How many keys are told.
    private static let sampleCount = 1_000
    /// Records of one commit.
    private static let batchSize = 3_000

    /// Fills a ledger.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count >= 3, let count = Int(arguments[1]), count > 0, let seed = UInt64(arguments[2]) else {
            throw LedgerBenchmark.Failure.usage
        }
        let now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        let place = try LedgerLocation(data: arguments[0], address: arguments.count > 3 ? arguments[3] : nil)
        let ledger = try place.open { now }
        defer { ledger.close() }
        var maker = TenantMaker(
            ledger: ledger, secret: try SecretFile(path: arguments[0] + "/keys.secret").readOrCreate(),
            chance: SeededChance(state: seed), count: count, beginning: now)
        let start = ContinuousClock.now
        try await maker.fill()
        try maker.samples.write(toFile: arguments[0] + "/sample-keys", atomically: true, encoding: .utf8)
        print("\(count) tenants, \(ledger.extent.size) records in \(ContinuousClock.now - start)")
    }

    private mutating func fill() async throws {
        var events: [LedgerEvent] = []
        for number in 0..<count {
            events += tenant(number)
            guard events.count >= TenantMaker.batchSize || number == count - 1 else { continue }
            guard try await ledger.append(LedgerCommand(actor: "operator/maker", events: events)).receipt != nil else {
                throw LedgerBenchmark.Failure.refused
            }
            events.removeAll(keepingCapacity: true)
        }
    }

    /// The records of one tenant.
    private mutating func tenant(_ number: Int) -> [LedgerEvent] {
        let name = name(number)
        let credential = Credential(for: .live, using: &chance)
        if number % max(1, count / TenantMaker.sampleCount) == 0 { samples += "\(name) \(credential.text)\n" }
        let key = KeyFacts(
            id: APIKey.randomID(using: &chance), principal: "web",
            hash: secret.authenticator.hash(of: credential).description, label: "made")
        var events: [GovernanceEvent] = [
            .tenantCreated(
                TenantFacts(
                    plan: number % 7 == 0 ? "growth" : "starter", segment: "segment-\(number % 20)",
                    contract: number % 5 == 0 ? "contract \(number)" : nil)),
            .principalStated(PrincipalFacts(name: "web", classes: ["web"])), .keyCreated(key),
        ]
        if number % 100 == 0 { events += grant(number) }
        return events.map { LedgerEvent(stream: "tenant/\(name)", type: $0.type, payload: $0.payload) }
    }

    /// Names as people give them and as programs do, in turn.
    private mutating func name(_ number: Int) -> String {
        let word = String(chance.next(), radix: 16)
        return number % 2 == 0 ? "tenant-\(number)" : "7f3a\(word.prefix(4))-4b1d-4c02-9e11-\(number)-\(word)"
    }

    private func grant(_ number: Int) -> [GovernanceEvent] {
        let isExemption = number % 200 == 0
        let factor = Int64(1_100 + number / 100 % 9 * 100)
        return [
            .grantProposed(
                GrantFacts(
                    id: "g1", kind: isExemption ? "exemption" : "override",
                    adjustments: [AdjustmentFacts(target: "tenant", factor: factor)], from: EventTime(beginning),
                    until: isExemption
                        ? EventTime(WallTime(milliseconds: beginning.milliseconds + 20 * 86_400_000)) : nil,
                    reason: "contract \(number)",
                    review: isExemption
                        ? nil : EventTime(WallTime(milliseconds: beginning.milliseconds + 90 * 86_400_000)))),
            .grantApproved(Verdict(id: "g1")),
        ]
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): a seed gives the same tenants again.
struct SeededChance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
