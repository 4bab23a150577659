internal import NIOCore
internal import Policy
internal import Vocabulary

/// A decision as an HTTP answer of its own: for proxies that let the status decide.
extension HTTPResponseWriter {
    /// Answers 200, 401, 403, 429 or 503 with every field a caller or a proxy may want, and a problem after a refusal.
    mutating func answer(_ decision: Decision, profile: HeaderProfile) {
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
    mutating func decisionFields(of decision: Decision) {
        field("Headgate-Decision", decision.id)
        let lines = decision.state.lines
        let bytes = lines.bytes
        fields(bytes.span.extracting(lines.reason(decision.reason)))
        if let entry = decision.shapingRestraint { restraintFields(of: entry, decision) }
    }

    /// Writes what every refusal carries: how to prove who one is, where that was missing, and that nobody may store
    /// it.
    mutating func refusalFields(of decision: Decision) {
        if decision.reason == .stepUpRequired {
            stepUpField(of: decision)
        } else if case .unauthorized = decision.status {
            field(
                "WWW-Authenticate",
                decision.reason == .credentialRevoked
                    ? "Bearer realm=\"headgate\", error=\"invalid_token\"" : "Bearer realm=\"headgate\"")
        }
        field("Cache-Control", literal: "no-store")
    }

    /// Writes that the answer is one that was given before.
    mutating func replayedField() { field("Idempotent-Replayed", literal: "true") }

    /// Writes what was verified of the request, for the proxy to hand on to the API.
    mutating func verifiedFields(of decision: Decision) {
        if let tenant = decision.tenantName { field("Headgate-Tenant", tenant) }
        if let principal = decision.principalName { field("Headgate-Principal", principal) }
        let (lines, classification) = (decision.state.lines, decision.classification)
        let bytes = lines.bytes
        let span = bytes.span
        if classification.operation >= 0 { fields(span.extracting(lines.operation(classification.operation))) }
        let isOfLimit = decision.isOfLimit
        fields(span.extracting(lines.trafficClass(isOfLimit ? -1 : classification.trafficClass)))
        fields(span.extracting(lines.tier(isOfLimit ? -1 : classification.tier)))
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
        case .block: HTTPStatus(rawValue: UInt16(reason.blockingStatus)) ?? .forbidden
        }
    }
}
