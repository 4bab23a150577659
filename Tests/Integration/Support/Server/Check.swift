import Foundation

/// A call of `POST /v1/check`; members that are not set are not sent.
struct Check: Codable, Sendable {
    var credential: String?
    var tenant: String?
    var principal: String?
    var method: String?
    var path: String?
    var operation: String?
    var `class`: String?
    var region: String?
    var cost: Int?
    var idempotencyKey: String?
    var attributes: [String: String]?
}

/// What the check call answers.
struct Answer: Decodable, Sendable {
    let decision: String
    let decisionId: String
    let reason: String
    let tenant: String?
    let principal: String?
    let operation: String?
    let `class`: String
    let tier: String
    let cost: Int
    let stage: String
    let wouldBe: WouldBe?
    let policy: String
    let budget: String?
    let limit: Int?
    let remaining: Int?
    let retryAfterMs: Int?

    /// What enforcement would have said.
    struct WouldBe: Decodable, Sendable {
        let decision: String
        let reason: String
    }

    /// Whether the request goes on.
    var isAdmitted: Bool { decision == "admit" }
}

/// Many answers, and when the server gave them.
struct Batch: Sendable {
    /// The answers, in the order of the calls.
    let answers: [Answer]
    /// Before the first decision.
    let sent: ContinuousClock.Instant
    /// After the last decision.
    let received: ContinuousClock.Instant
}

extension HTTPConnection {
    /// Asks about one request.
    func check(_ check: Check) async throws -> Answer {
        let response = try await post("/v1/check", try JSONEncoder().encode(check))
        return try JSONDecoder().decode(Answer.self, from: Data(response.message.body))
    }

    /// Asks about many requests at once; the server decides them one right after the other.
    func check(_ checks: [Check]) async throws -> Batch {
        let body = try JSONEncoder().encode(["requests": checks])
        let sent = ContinuousClock.now
        let response = try await post("/v1/check/batch", body)
        let received = ContinuousClock.now
        let answers = try JSONDecoder().decode([String: [Answer]].self, from: Data(response.message.body))
        return Batch(answers: answers["decisions"] ?? [], sent: sent, received: received)
    }

    private func post(_ target: String, _ body: Data) async throws -> HTTPResponse {
        let response = try await send(
            HTTPRequest(method: "POST", target: target, body: String(decoding: body, as: UTF8.self)))
        guard response.status == 200 else { throw Refused(status: response.status, body: response.text) }
        return response
    }

    /// The call itself was wrong.
    struct Refused: Error, CustomStringConvertible {
        let status: Int
        let body: String

        var description: String { "the check call was answered with \(status): \(body)" }
    }
}
