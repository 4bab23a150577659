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

    /// The problem type.
    private var type: StaticString {
        switch (decision.outcome, decision.reason) {
        case (.throttle, .quarantined), (_, .abuseSuspected):
            "https://iana.org/assignments/http-problem-types#abnormal-usage-detected"
        case (.throttle, _): "https://iana.org/assignments/http-problem-types#quota-exceeded"
        case (.shed, _): "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity"
        default: "about:blank"
        }
    }

    private func title(_ json: inout JSONWriter) {
        switch decision.outcome {
        case .throttle:
            json.member("title", literal: "Request cannot be satisfied as assigned quota has been exceeded")
        case .shed:
            json.member("title", literal: "Request cannot be satisfied due to temporary server capacity constraints")
        default: json.member("title", decision.status.phrase)
        }
    }

    /// What happened and what to do, in one or two sentences.
    private func detail(_ json: inout JSONWriter) {
        json.name("detail")
        let summary = decision.reason.summary
        if let advice = decision.reason.keyAdvice {
            let words = [summary, decision.repetition?.detail ?? "", advice].filter { !$0.isEmpty }
            json.value(words.joined(separator: " "))
        } else if decision.isRefusedBySeats, let retry = decision.retryAfter {
            json.value(summary, " Try again in ", retry.secondsRoundedUp, " s.")
        } else if let retry = decision.retryAfter {
            let number = retry.secondsRoundedUp
            json.value(
                summary, " The same request is admitted in ", number, " s if nothing else comes in between.")
        } else if case .costExceedsBurst = decision.reason {
            json.value("\(summary) Waiting does not help: ask for less at once.")
        } else {
            json.value(summary)
        }
    }

    /// Writes the members.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", literal: type)
            title(&json)
            json.member("status", Int64(status.code))
            detail(&json)
            if decision.violatesPolicies {
                json.member("violated-policies", array: { json in decision.forEachViolatedPolicy { json.value($0) } })
            }
            json.member("decision", decision.outcome.name)
            json.member("decisionId", decision.id)
            json.member("reason", decision.reason.code)
            json.member("policy", decision.policy.version.description)
            json.member("operation", decision.operationName)
            if !decision.hidesCaller {
                json.member("class", decision.className)
                json.member("tier", decision.tierName)
            }
            key(&json)
            restraint(&json)
            budget(&json)
            onLimit(&json)
            backoff(&json)
        }
    }

    /// Who was first with the same idempotency key, and when to come again for its answer.
    private func key(_ json: inout JSONWriter) {
        guard let first = decision.repetition?.first else { return }
        json.member("firstDecisionId", first)
        if let retry = decision.retryAfter { json.member("retryAfterMs", retry.millisecondsRoundedUp) }
    }

    /// The quarantine, and how to get out of it.
    private func restraint(_ json: inout JSONWriter) {
        guard let entry = decision.shapingRestraint else { return }
        json.member("quarantine", entry.id)
        if let appeal = decision.policy.abuse?.appeal { json.member("appeal", appeal) }
    }

    private func budget(_ json: inout JSONWriter) {
        guard let facts = decision.decidingFacts else {
            guard decision.isRefusedBySeats || decision.restraint?.coolDown != nil else { return }
            return json.member("retryAfterMs", decision.retryAfter?.millisecondsRoundedUp)
        }
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
        guard trafficClass.advertisesBackoff, case .throttle = decision.outcome, let facts = decision.decidingFacts
        else {
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
        guard !decision.hidesCaller else { return }
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
