internal import Admission
internal import Directory
internal import Journal
internal import Policy
internal import Vocabulary

extension Decision {
    /// The record that the journal keeps.
    ///
    /// - Parameters:
    ///   - method: the request's method.
    ///   - path: the request's path; the record cuts the query off.
    /// - Returns: the record.
    func record(method: String, path: String) -> DecisionRecord {
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
        record.retryAfter = retryAfter
        record.duration = duration
        record.wait = waited
        record.activeClasses = policy.classes.indices.filter { activeClasses & 1 << UInt64($0) != 0 }.map {
            policy.classes[$0].name
        }
        if let reading = decidingReading, let deciding = decidingFacts {
            record.decidingBudget = .init(level: deciding.level, name: name(of: reading))
            record.limit = deciding.limit
            record.remaining = deciding.remaining(hasSpent: hasSpent)
            record.fullAfter = deciding.fullAfter
        }
        record.nearMisses = nearMisses.map { recorded($0) }
        record.readings = ownReadings.compactMap { recorded($0) }
        return record
    }

    /// A near miss as the journal keeps it.
    private func recorded(_ miss: NearMiss) -> DecisionRecord.NearMiss {
        let budget =
            switch miss.level {
            case .service, .seats: miss.level.name
            case .region: "region \(region < 0 ? "" : policy.regions[region].name)"
            case .trafficClass: "tenant \(tenantName ?? "")"
            }
        return DecisionRecord.NearMiss(
            level: miss.level, budget: budget, lane: miss.level == .trafficClass ? className : tierName,
            guarantee: miss.guarantee, boundary: miss.boundary, left: miss.left,
            others: policy.classNames(in: miss.others))
    }

    /// The readings that were asked, without the budget that a calendar limit of a descriptor has for form's sake.
    private var ownReadings: [BudgetReading] {
        (firstOwnReading..<readingCount).map { reading(at: $0) }
    }

    /// A reading as the journal keeps it.
    private func recorded(_ reading: BudgetReading) -> DecisionRecord.BudgetReading? {
        guard let facts = facts(of: reading) else { return nil }
        // In the list a tenant's budget is itself, also where its guarantee for the class paid.
        let name =
            reading.kind == .lanes && reading.level == .tenant && !isOfLimit
            ? "tenant \(tenantName ?? "")" : name(of: reading)
        return DecisionRecord.BudgetReading(
            level: facts.level, name: name, lane: laneName(of: reading), rate: facts.allowance.text, burst: facts.limit,
            remaining: facts.before, guaranteeRemaining: facts.guaranteeBefore, poolRemaining: facts.poolBefore,
            needed: facts.needed, isSufficient: facts.isSufficient,
            availableAfter: facts.isSufficient ? nil : facts.availableAfter, quotaReset: facts.quotaReset)
    }
}
