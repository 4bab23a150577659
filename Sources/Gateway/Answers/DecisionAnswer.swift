internal import NIOCore
internal import Policy
internal import Vocabulary

/// A decision as an HTTP answer of its own: for proxies that let the status decide.
extension HTTPResponseWriter {
    /// Answers 200, 401, 403, 429 or 503 with every field a caller or a proxy may want, and a problem after a refusal.
    mutating func answer(_ decision: borrowing Decision, profile: HeaderProfile) {
        start(decision.status)
        decisionFields(of: decision)
        limitFields(of: decision, profile: profile)
        guard !decision.isAdmitted else {
            verifiedFields(of: decision)
            return finish()
        }
        refusalFields(of: decision)
        let problem = Problem(decision)
        finish(contentType: "application/problem+json") { $0.value(of: problem) }
    }
}

/// The fields that say what was decided.
extension FieldSink where Self: ~Copyable {
    /// Writes what every answer carries that a decision shaped.
    mutating func decisionFields(of decision: borrowing Decision) {
        field("Headgate-Decision", decision.id)
        field("Headgate-Reason", decision.reason.code)
        field("Headgate-Policy", decision.policy.version.description)
    }

    /// Writes what every refusal carries: how to prove who one is, where that was missing, and that nobody may store
    /// it.
    mutating func refusalFields(of decision: borrowing Decision) {
        if decision.status == .unauthorized {
            field(
                "WWW-Authenticate",
                decision.reason == .credentialRevoked
                    ? "Bearer realm=\"headgate\", error=\"invalid_token\"" : "Bearer realm=\"headgate\"")
        }
        field("Cache-Control", literal: "no-store")
    }

    /// Writes what was verified of the request, for the proxy to hand on to the API.
    mutating func verifiedFields(of decision: borrowing Decision) {
        if let tenant = decision.tenantName { field("Headgate-Tenant", tenant) }
        if let principal = decision.principalName { field("Headgate-Principal", principal) }
        if let operation = decision.operationName { field("Headgate-Operation", operation) }
        field("Headgate-Class", decision.className)
        field("Headgate-Tier", decision.tierName)
    }
}

extension Decision {
    /// The status that the outcome stands for (design §8.1).
    var status: HTTPStatus {
        switch outcome {
        case .admit, .replay, .queue: .ok
        case .throttle: .tooManyRequests
        case .shed: .serviceUnavailable
        case .challenge: .unauthorized
        case .block: reason == .unknownCredential || reason == .credentialRevoked ? .unauthorized : .forbidden
        }
    }
}
