internal import Foundation
public import HTTPTypes

/// A decision as the answer to the request itself.
extension Decision {
    /// The status that the outcome stands for: 200, 401, 403, 429 or 503; 400, 409 or 422 where an idempotency key is
    /// the problem.
    public var status: HTTPResponse.Status {
        switch outcome {
        case .admit, .queue, .replay: .ok
        case .throttle: .tooManyRequests
        case .shed: .serviceUnavailable
        case .challenge: .unauthorized
        case .block: blockingStatus
        }
    }

    private var blockingStatus: HTTPResponse.Status {
        switch reason {
        case "unknown_credential", "credential_revoked": .unauthorized
        case "key_missing", "key_malformed": .badRequest
        case "key_in_use", "key_interrupted", "answer_not_kept": .conflict
        case "key_mismatch": .unprocessableContent
        default: .forbidden
        }
    }

    /// The header fields that every answer carries which the decision shaped, and after a refusal those that say when
    /// to come again and that nobody may store the answer.
    public var fields: HTTPFields {
        var fields = limitFields
        set("Headgate-Decision", id, in: &fields)
        set("Headgate-Reason", reason, in: &fields)
        set("Headgate-Policy", policy, in: &fields)
        guard !isAdmitted else { return fields }
        if let retryAfter { fields[.retryAfter] = String(max(1, retryAfter.secondsRoundedUp)) }
        if status == .unauthorized {
            fields[.wwwAuthenticate] =
                reason == "credential_revoked"
                ? "Bearer realm=\"headgate\", error=\"invalid_token\"" : "Bearer realm=\"headgate\""
        }
        fields[.cacheControl] = "no-store"
        return fields
    }

    private func set(_ name: String, _ value: String?, in fields: inout HTTPFields) {
        guard let value, let name = HTTPField.Name(name) else { return }
        fields[name] = value
    }

    /// A refusal as a problem document (RFC 9457), with the types of the rate-limit draft and the members of the check
    /// call: `application/problem+json`.
    public var problem: [UInt8] {
        var members = Problem(
            type: problemType, title: problemTitle, status: status.code, detail: problemDetail,
            decision: outcome.rawValue, decisionId: id, reason: reason, policy: policy, operation: operation,
            class: trafficClass, tier: tier, budget: budget, cost: cost,
            retryAfterMs: retryAfter?.millisecondsRoundedUp)
        // What is left of service and region is other callers' business.
        if budget != "service", budget != "region" {
            members.limit = limit
            members.remaining = remaining
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return (try? encoder.encode(members)).map { [UInt8]($0) } ?? []
    }

    private var problemType: String {
        let draft = "https://iana.org/assignments/http-problem-types#"
        return switch (outcome, reason) {
        case (.throttle, "quarantined"), (_, "abuse_suspected"): draft + "abnormal-usage-detected"
        case (.throttle, _): draft + "quota-exceeded"
        case (.shed, _): draft + "temporary-reduced-capacity"
        default: "about:blank"
        }
    }

    private var problemTitle: String {
        switch outcome {
        case .throttle: "Request cannot be satisfied as assigned quota has been exceeded"
        case .shed: "Request cannot be satisfied due to temporary server capacity constraints"
        case .admit, .queue, .block, .challenge, .replay: status.reasonPhrase
        }
    }

    private var problemDetail: String? {
        guard let retryAfter else { return nil }
        let seconds = max(1, retryAfter.secondsRoundedUp)
        return origin == .localGuard
            ? "Nobody can be asked at present. Try again in \(seconds) s."
            : "The same request is admitted in \(seconds) s if nothing else comes in between."
    }
}

/// The members of a problem document; those that are `nil` are left out.
private struct Problem: Encodable {
    var type: String
    var title: String
    var status: Int
    var detail: String?
    var decision: String
    var decisionId: String?
    var reason: String
    var policy: String?
    var operation: String?
    var `class`: String?
    var tier: String
    var budget: String?
    var limit: Int?
    var remaining: Int?
    var cost: Int?
    var retryAfterMs: Int64?
}
