internal import Admission
internal import Policy
internal import Vocabulary

/// A decision as the answer of the check call (design §8.1).
extension JSONWriter {
    /// Writes the object that `POST /v1/check` answers, or one element of a batch.
    mutating func value(of decision: Decision) {
        object { $0.members(of: decision) }
    }

    /// Writes its members.
    mutating func members(of decision: Decision) {
        member("decision", decision.outcome.name)
        member("decisionId", decision.id)
        member("reason", decision.reason.code)
        member("tenant", decision.tenantName)
        member("principal", decision.principalName)
        member("operation", decision.operationName)
        member("class", decision.className)
        member("tier", decision.tierName)
        member("cost", decision.cost)
        if decision.call.claim != nil {
            member("claim", decision.classification.claim == .honoured ? "honoured" : "ignored")
        }
        member("stage", decision.stage.name)
        name("wouldBe")
        if let wouldBe = decision.wouldBe {
            object { json in
                json.member("decision", wouldBe.outcome.name)
                json.member("reason", wouldBe.code)
            }
        } else {
            null()
        }
        member("policy", decision.policy.version.description)
        let facts = decision.decidingFacts
        member("budget", facts?.level.name)
        member("limit", facts?.limit)
        member("remaining", facts?.remaining(hasSpent: decision.hasSpent))
        member("retryAfterMs", decision.retryAfter?.millisecondsRoundedUp)
        member("fullAfterMs", facts?.fullAfter?.millisecondsRoundedUp)
        if let entry = decision.shapingRestraint {
            member("quarantine", entry.id)
            member("appeal", decision.policy.abuse?.appeal)
        }
    }
}
