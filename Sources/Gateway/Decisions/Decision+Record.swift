internal import Admission
internal import Directory
package import Journal
internal import Policy
internal import Vocabulary

extension Decision {
    /// The record that the journal keeps.
    ///
    /// - Parameters:
    ///   - method: the request's method.
    ///   - path: the request's path; the record cuts the query off.
    /// - Returns: the record.
    package func record(method: String, path: String) -> DecisionRecord {
        var record = DecisionRecord(
            id: id, method: method, path: path, tier: tierName, cost: cost, stage: stage, outcome: outcome,
            reason: reason, policyVersion: policy.version, policyName: policy.name, source: call.source)
        record.tenant = tenantName
        record.principal = principalName
        record.credentialHint = identity.key.map { state.binding.directory.key(at: $0).id }
        record.operation = operationName
        record.trafficClass = className
        record.region = region < 0 ? nil : policy.regions[region].name
        record.claim = call.claim.map {
            DecisionRecord.Claim(trafficClass: $0, isHonoured: classification.claim == .honoured)
        }
        record.wouldBe = wouldBe.map { DecisionRecord.WouldBe(outcome: $0.outcome, reason: $0) }
        record.retryAfter = verdict.retryAfter
        record.duration = duration
        record.activeClasses = policy.classes.indices.filter { verdict.activeClasses & 1 << UInt64($0) != 0 }.map {
            policy.classes[$0].name
        }
        if let deciding = decidingFacts {
            record.decidingBudget = .init(level: deciding.level, name: deciding.name)
            record.limit = deciding.limit
            record.remaining = deciding.remaining(hasSpent: hasSpent)
            record.fullAfter = deciding.fullAfter
        }
        record.readings = (0..<verdict.readingCount).compactMap { facts(of: verdict.readings[$0]).map { $0.recorded } }
        return record
    }
}

extension BudgetFacts {
    /// The reading as the journal keeps it.
    fileprivate var recorded: DecisionRecord.BudgetReading {
        DecisionRecord.BudgetReading(
            level: level, name: name, lane: lane, rate: rate, burst: limit, remaining: before,
            guaranteeRemaining: guaranteeBefore, poolRemaining: poolBefore, needed: needed, isSufficient: isSufficient,
            availableAfter: isSufficient ? nil : availableAfter, quotaReset: quotaReset)
    }
}
