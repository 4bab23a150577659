internal import Admission
internal import Policy
internal import Vocabulary

/// A refusal as a problem document: RFC 9457, with the types of draft-ietf-httpapi-ratelimit-headers-11 §5 and members
/// of our own, which have the names of the check call.
struct Problem {
    private let decision: Decision
    private let status: HTTPStatus

    /// Describes a refusal; `status` is that of the answer it stands in, where the decision's own cannot be sent.
    init(_ decision: Decision, status: HTTPStatus? = nil) {
        self.decision = decision
        self.status = status ?? decision.status
    }

    private static let types = "https://iana.org/assignments/http-problem-types#"

    /// The problem type.
    private var type: String {
        switch (decision.outcome, decision.reason) {
        case (.throttle, .quarantined), (_, .abuseSuspected): "\(Problem.types)abnormal-usage-detected"
        case (.throttle, _): "\(Problem.types)quota-exceeded"
        case (.shed, _): "\(Problem.types)temporary-reduced-capacity"
        default: "about:blank"
        }
    }

    private var title: String {
        switch decision.outcome {
        case .throttle: "Request cannot be satisfied as assigned quota has been exceeded"
        case .shed: "Request cannot be satisfied due to temporary server capacity constraints"
        default: decision.status.phrase.description
        }
    }

    /// What happened and what to do, in one or two sentences.
    private var detail: String {
        let summary = decision.reason.summary
        if let retry = decision.retryAfter {
            return
                "\(summary) The same request is admitted in \(retry.secondsRoundedUp) s if nothing else comes in between."
        }
        if decision.reason == .costExceedsBurst { return "\(summary) Waiting does not help: ask for less at once." }
        return summary
    }

    /// Writes the members.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", type)
            json.member("title", title)
            json.member("status", Int64(status.code))
            json.member("detail", detail)
            let violated = decision.violatedPolicies
            if !violated.isEmpty {
                json.member("violated-policies", array: { json in violated.forEach { json.value($0) } })
            }
            json.member("decision", decision.outcome.name)
            json.member("decisionId", decision.id)
            json.member("reason", decision.reason.code)
            json.member("policy", decision.policy.version.description)
            json.member("operation", decision.operationName)
            json.member("class", decision.className)
            json.member("tier", decision.tierName)
            budget(&json)
            onLimit(&json)
            backoff(&json)
        }
    }

    private func budget(_ json: inout JSONWriter) {
        guard let facts = decision.decidingFacts else { return }
        json.member("budget", facts.level.name)
        // What is left of service and region is other callers' business.
        if facts.level != .service && facts.level != .region {
            json.member("limit", facts.limit)
            json.member("remaining", facts.remaining(hasSpent: false))
        }
        json.member("cost", decision.cost)
        json.member("retryAfterMs", decision.retryAfter?.millisecondsRoundedUp)
    }

    /// At which rate to go on, where the class advertises it and the budget is the caller's own.
    private func backoff(_ json: inout JSONWriter) {
        let trafficClass = decision.policy.classes[decision.classification.trafficClass]
        guard trafficClass.advertisesBackoff, decision.outcome == .throttle, let facts = decision.decidingFacts else {
            return
        }
        json.member(
            "backoff",
            object: { json in
                json.member("rate", facts.allowance.text)
                json.member("burst", facts.limit)
                json.member("retryAfterMs", decision.retryAfter?.millisecondsRoundedUp)
            })
    }

    /// What the policy wants the worker to do, where the class says so.
    private func onLimit(_ json: inout JSONWriter) {
        let trafficClass = decision.policy.classes[decision.classification.trafficClass]
        guard let answer = trafficClass.onLimit, decision.outcome == .throttle || decision.outcome == .shed else {
            return
        }
        json.member(
            "onLimit",
            object: { json in
                if let reschedule = answer.reschedule { json.member("rescheduleMs", reschedule.millisecondsRoundedUp) }
                if let escalate = answer.escalateAfter {
                    json.member("escalateAfterMs", escalate.millisecondsRoundedUp)
                }
                if let fallback = answer.fallback { json.member("fallback", fallback) }
            })
    }
}

extension JSONWriter {
    /// Writes a problem document.
    mutating func value(of problem: Problem) { problem.write(to: &self) }
}
