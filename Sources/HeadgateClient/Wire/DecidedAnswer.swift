internal import Foundation
internal import HTTPTypes
package import NIOCore

/// What the server says about a request: the decision, and the seats if it gave some.
package struct DecidedAnswer: Hashable, Sendable {
    /// The decision.
    package let decision: Decision
    /// The admission; `nil`: none was asked for, or none was needed or given.
    package let lease: Lease?

    /// Seats that the server holds for us.
    package struct Lease: Hashable, Sendable {
        /// Their name.
        package let id: String
        /// How long they are held without a renewal.
        package let time: Duration

        /// Names seats.
        package init(id: String, time: Duration) {
            self.id = id
            self.time = time
        }
    }

    /// Reads an answer; `nil`: it cannot be read, or says what this client does not know.
    package init?(_ body: ByteBuffer, fields: [(name: String, value: String)]) {
        guard let members = try? JSONDecoder().decode(Members.self, from: Data(body.readableBytesView)),
            var decision = members.made
        else { return nil }
        for field in fields where DecidedAnswer.isLimitField(field.name) {
            guard let name = HTTPField.Name(field.name) else { continue }
            decision.limitFields.append(HTTPField(name: name, value: field.value))
        }
        decision.waited = .milliseconds(members.admission?.waitedMs ?? 0)
        self.decision = decision
        lease = members.admission.map { Lease(id: $0.id, time: .milliseconds(max(1, $0.leaseMs))) }
    }

    /// Whether a field of the answer is meant for the caller and told by no other member.
    private static func isLimitField(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasPrefix("ratelimit") || name.hasPrefix("x-ratelimit-")
    }
}

/// The members of an answer.
private struct Members: Decodable {
    var decision: String
    var decisionId: String
    var reason: String
    var tenant: String?
    var principal: String?
    var operation: String?
    var `class`: String?
    var tier: String
    var cost: Int?
    var stage: String?
    var wouldBe: WouldBe?
    var policy: String?
    var budget: String?
    var limit: Int?
    var remaining: Int?
    var retryAfterMs: Int64?
    var fullAfterMs: Int64?
    var admission: Admission?

    struct WouldBe: Decodable {
        var decision: String
        var reason: String
    }

    struct Admission: Decodable {
        var id: String
        var leaseMs: Int64
        var waitedMs: Int64?
    }

    /// The decision; `nil`: its outcome is unknown.
    var made: Decision? {
        guard let outcome = Outcome(rawValue: decision) else { return nil }
        var made = Decision(outcome: outcome, reason: reason, tier: tier, origin: .engine)
        made.id = decisionId
        made.tenant = tenant
        made.principal = principal
        made.operation = operation
        made.trafficClass = `class`
        made.cost = cost
        made.stage = stage
        made.wouldBe = wouldBe.flatMap { wouldBe in
            Outcome(rawValue: wouldBe.decision).map { Decision.WouldBe(outcome: $0, reason: wouldBe.reason) }
        }
        made.policy = policy
        made.budget = budget
        made.limit = limit
        made.remaining = remaining
        made.retryAfter = retryAfterMs.map { .milliseconds($0) }
        made.fullAfter = fullAfterMs.map { .milliseconds($0) }
        return made
    }
}
