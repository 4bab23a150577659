import Foundation

/// What these tests read of a line of `headgate journal --json`, and of `headgate explain --json`.
struct JournalLine: Decodable, Hashable {
    let decisionId: String
    let time: String
    let decision: String
    let reason: String
    let stage: String
    let tenant: String?
    let principal: String?
    let operation: String?
    let `class`: String?
    let tier: String
    let cost: Int
    let policy: String
    let budgetName: String?
    let limit: Int?
    let remaining: Int?
    let wouldBe: WouldBe?

    /// What enforcement would have said.
    struct WouldBe: Decodable, Hashable {
        let decision: String
        let reason: String
    }
}

extension Site {
    /// What `headgate journal` shows, in its order.
    func journal(_ arguments: String...) async throws -> [JournalLine] {
        let command = try await Command.run(
            ["journal", "--data", data, "--json", "--limit", "1000000"] + arguments, in: folder)
        guard command.status == 0 else {
            throw Failure(what: "journal ended with \(command.status)", log: command.errors)
        }
        return try command.output.split(separator: "\n").map {
            try JSONDecoder().decode(JournalLine.self, from: Data($0.utf8))
        }
    }
}
