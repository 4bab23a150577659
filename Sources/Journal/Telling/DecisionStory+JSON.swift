internal import Vocabulary

extension DecisionRecord {
    /// The record as JSON: members as the check call names them, always all of them, never renamed.
    ///
    /// Lengths of time end in `Ms`, rounded up, or in `Ns`, exact.
    package var json: JSONValue {
        [
            "decisionId": .text(id.description), "time": .text(wall.description), "decision": .text(outcome.name),
            "reason": .text(reason.code),
            "wouldBe": wouldBe.map { ["decision": .text($0.outcome.name), "reason": .text($0.reason.code)] } ?? .null,
            "stage": .text(stage.name), "tenant": .optional(tenant), "principal": .optional(principal),
            "credential": .optional(credentialHint), "method": .text(method), "path": .text(path),
            "region": .optional(region), "operation": .optional(operation), "class": .optional(trafficClass),
            "tier": .text(tier), "cost": .number(cost),
            "claim": claim.map { ["class": .text($0.trafficClass), "honoured": .truth($0.isHonoured)] } ?? .null,
            "policy": .text(policyVersion.description), "policyName": .text(policyName),
            "budget": .optional(decidingBudget?.level.name), "budgetName": .optional(decidingBudget?.name),
            "limit": .optional(limit), "remaining": .optional(remaining),
            "retryAfterMs": .optional(retryAfter?.millisecondsRoundedUp),
            "fullAfterMs": .optional(fullAfter?.millisecondsRoundedUp), "waitMs": .number(wait.millisecondsRoundedUp),
            "durationNs": .number(duration.count), "source": .text(source.code),
            "activeClasses": .list(activeClasses.map(JSONValue.text)), "budgets": .list(readings.map(\.json)),
            "nearMisses": .list(nearMisses.map(\.json)),
        ]
    }
}

extension DecisionRecord.NearMiss {
    fileprivate var json: JSONValue {
        [
            "level": .text(level.name), "budget": .text(budget), "lane": .text(lane), "guarantee": .number(guarantee),
            "boundary": .number(boundary), "left": .number(left), "others": .list(others.map(JSONValue.text)),
        ]
    }
}

extension DecisionRecord.BudgetReading {
    fileprivate var json: JSONValue {
        [
            "level": .text(level.name), "name": .text(name), "lane": .optional(lane), "rate": .text(rate),
            "burst": .number(burst), "remaining": .number(remaining),
            "guaranteeRemaining": .optional(guaranteeRemaining), "poolRemaining": .optional(poolRemaining),
            "needed": .number(needed), "sufficient": .truth(isSufficient),
            "availableAfterMs": .optional(availableAfter?.millisecondsRoundedUp),
            "quotaReset": .optional(quotaReset?.description),
        ]
    }
}

extension DecisionStory {
    /// The record's JSON, followed by what the story adds: the verdict's sentences, the remedies, the policy's summary.
    package var json: JSONValue {
        guard case .object(let members) = record.json else { return record.json }
        return .object(
            members + [
                JSONValue.Member(name: "policySummary", value: .optional(policy?.summary)),
                JSONValue.Member(name: "verdict", value: .list(verdict.map(JSONValue.text))),
                JSONValue.Member(
                    name: "remedies",
                    value: .list(remedies.map { ["code": .text($0.code.rawValue), "text": .text($0.text)] })),
            ])
    }
}
