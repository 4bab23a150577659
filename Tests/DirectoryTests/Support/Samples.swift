import Policy
import Vocabulary

@testable import Directory

/// Ready-made things for tests.
enum Samples {
    /// 2026-11-21T00:00:00Z.
    static let now = moment("2026-11-21T00:00:00Z")

    /// A moment that the test knows to be well written.
    static func moment(_ text: String) -> WallTime { Timestamp.moment(text) ?? WallTime(milliseconds: -1) }

    /// The secret whose bytes are 0, 1, 2, … 31.
    static var secret: DirectorySecret {
        get throws {
            struct NoSecret: Error {}
            let digits = Hexadecimal.text((0..<32).map { UInt8($0) })
            guard let secret = DirectorySecret(fileText: digits) else { throw NoSecret() }
            return secret
        }
    }

    /// A policy with two plans, three classes and two regions.
    static func policy(governed: Set<String> = ["repair"]) throws -> Snapshot {
        let budget = try Budget(rates: [Rate(amount: 100, period: .second)], burst: 100, lanes: [])
        struct NoMeter: Error {}
        guard let quarantine = Meter(rate: Rate(amount: 1, period: .second), burst: 1) else { throw NoMeter() }
        let classes = ["export", "interactive", "repair"]
        return Snapshot(
            version: PolicyVersion(digest: [UInt8](repeating: 0, count: 32)), name: "signing-platform", owner: "web",
            tiers: [Tier(name: "critical"), Tier(name: "quarantine")],
            classes: classes.map {
                TrafficClass(
                    name: $0, tier: 0, consequence: .low, owner: "data-quality", governed: governed.contains($0))
            },
            operations: [],
            plans: ["enterprise", "starter"].map {
                Plan(name: $0, tenant: budget, laneOfClass: [-1, -1, -1], meterOfOperation: [])
            },
            regions: ["eu-west-1", "us-east-1"].map { Region(name: $0, budget: budget) }, service: nil,
            unknown: UnknownTreatment(credential: .block, operation: .block, cost: 1, quarantine: quarantine),
            defaultClass: 1, matcher: OperationMatcher())
    }

    /// What a text says as a directory.
    static func document(_ text: String) -> DirectoryDocument {
        DirectoryDocument(reading: SourceFile(name: "directory.yaml", text: text))
    }

    /// The diagnostics of a text as people see them.
    static func rendered(_ text: String) -> String {
        let document = document(text)
        return DiagnosticRenderer(files: [document.file]).text(document.diagnostics)
    }
}
