import Access
import Directory
import Foundation
import GRDB
import Ledger
import Policy
import Synchronization
import Testing
import Vocabulary

@testable import Governance

/// A governor on a real ledger in a temporary folder, and a clock that tests turn.
final class GovernanceWorld: Sendable {
    /// Carries commands out.
    let governor: Governor
    /// The ledger below.
    let ledger: LedgerWriter
    private let folder: String
    private let clock: GovernanceClock

    /// 2026-11-21T00:00:00Z.
    static let beginning = Timestamp.moment("2026-11-21T00:00:00Z") ?? WallTime(milliseconds: 0)

    /// Opens an empty world, with the policy of `policyText` in force.
    init(policy: String? = GovernanceWorld.policyText) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/governance-\(UUID().uuidString)"
        self.folder = folder
        let clock = GovernanceClock()
        self.clock = clock
        ledger = try LedgerFolder(path: folder).open(origin: "test") { clock.now }
        let fixed = try policy.map { try PolicyText.compile([PolicyText(name: "policy.yaml", text: $0)]).get() }
        governor = try Governor(ledger: ledger, fixedPolicy: fixed) { clock.now }
    }

    deinit {
        ledger.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Changes the ledger's file as somebody does who has it and not the key.
    func change(_ statement: String) throws {
        let database = try DatabaseQueue(path: folder + "/ledger.sqlite")
        try database.writeWithoutTransaction { try $0.execute(sql: statement) }
        try database.close()
    }

    /// Now.
    var now: WallTime { clock.now }

    /// Lets days pass.
    func pass(days: Int64) { clock.pass(milliseconds: days * 86_400_000) }

    /// A moment some days after the beginning.
    static func day(_ number: Int64) -> EventTime {
        EventTime(WallTime(milliseconds: beginning.milliseconds + number * 86_400_000))
    }

    /// Somebody with every role, by name.
    static func everybody(_ name: String) throws -> Authority {
        try authority(name, Role.allCases.filter { !$0.isBoundToTenants })
    }

    /// Somebody with certain roles.
    static func authority(_ name: String, _ roles: [Role]) throws -> Authority {
        Authority(try #require(OperatorName(name)), grants: Set(roles.compactMap { RoleGrant($0) }))
    }

    /// Carries out what is expected to be accepted.
    @discardableResult
    func run(_ command: GovernanceCommand, as name: String = "ada") async throws -> Governor.Outcome {
        try await governor.execute(command, by: try GovernanceWorld.everybody(name))
    }

    /// Why a command is refused.
    func refusal(
        of command: GovernanceCommand, as name: String = "ada", location: SourceLocation = #_sourceLocation
    ) async throws -> GovernanceRefusal.Code? {
        do {
            try await governor.execute(command, by: try GovernanceWorld.everybody(name))
            Issue.record("the command was carried out", sourceLocation: location)
            return nil
        } catch GovernanceError.refused(let refusal) {
            return refusal.code
        }
    }

    /// A policy with two plans.
    static let policyText = """
        headgate: 1
        name: p
        owner: o
        tiers: [ { name: critical }, { name: rest } ]
        classes:
          export: { tier: rest, consequence: low, owner: o }
          web: { tier: critical, consequence: low, owner: o }
        defaults: { class: web }
        regions: { eu: { rate: 1000/s } }
        operations:
          search: { match: "GET /search" }
        plans:
          starter:
            tenant: { rate: 10/s, burst: 20 }
          growth:
            tenant: { rate: 300/s, burst: 600 }
            classes: { web: { guarantee: 100/s } }
            quotas: { requests: 1000/month }
        """
}

/// A clock that stands still until it is turned.
final class GovernanceClock: Sendable {
    private let time = Mutex(GovernanceWorld.beginning)

    /// What it shows.
    var now: WallTime { time.withLock { $0 } }

    /// Turns it.
    func pass(milliseconds: Int64) { time.withLock { $0.milliseconds += milliseconds } }
}
