internal import Admission
internal import Policy
internal import Vocabulary

/// A decision as the answer of the check call (design §8.1).
extension JSONWriter {
    /// Writes the object that `POST /v1/check` answers, or one element of a batch.
    mutating func value(of decision: Decision) {
        object { json in
            json.member("decision", decision.outcome.name)
            json.member("decisionId", decision.id)
            json.member("reason", decision.reason.code)
            json.member("tenant", decision.tenantName)
            json.member("principal", decision.principalName)
            json.member("operation", decision.operationName)
            json.member("class", decision.className)
            json.member("tier", decision.tierName)
            json.member("cost", decision.cost)
            if decision.call.claim != nil {
                json.member("claim", decision.classification.claim == .honoured ? "honoured" : "ignored")
            }
            json.member("stage", decision.stage.name)
            json.name("wouldBe")
            if let wouldBe = decision.wouldBe {
                json.object { json in
                    json.member("decision", wouldBe.outcome.name)
                    json.member("reason", wouldBe.code)
                }
            } else {
                json.null()
            }
            json.member("policy", decision.policy.version.description)
            let facts = decision.decidingFacts
            json.member("budget", facts?.level.name)
            json.member("limit", facts?.limit)
            json.member("remaining", facts?.remaining(hasSpent: decision.hasSpent))
            json.member("retryAfterMs", decision.retryAfter?.millisecondsRoundedUp)
            json.member("fullAfterMs", facts?.fullAfter?.millisecondsRoundedUp)
        }
    }
}
