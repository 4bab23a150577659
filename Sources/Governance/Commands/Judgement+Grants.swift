package import Directory
internal import Policy
package import Vocabulary

extension Judgement {
    /// Something beside a tenant's plan, to be approved by somebody else.
    func proposeGrant(_ name: String, _ facts: GrantFacts) throws(GovernanceRefusal) -> Verdict {
        let entry = try tenant(name)
        guard let grant = facts.grant else {
            throw GovernanceRefusal(
                .invalid, "an adjustment says for one target one of factor, rate with period, and amount",
                member: "adjustments",
                suggestion: "targets are `tenant`, `class/NAME`, `operation/NAME` and `quota/UNIT/PERIOD`")
        }
        guard DirectoryName.isValid(grant.id) else {
            throw GovernanceRefusal(
                .invalid, "\(grant.id.quoted) cannot be the name of a grant", member: "id",
                suggestion: "names are made of \(DirectoryName.rule)")
        }
        guard !entry.requests.contains(where: { $0.grant.id == grant.id }) else {
            throw GovernanceRefusal(.exists, "\(name.quoted) has a grant \(grant.id.quoted)", member: "id")
        }
        let alive = entry.requests.filter { $0.state == .open || ($0.state == .approved && !$0.grant.isOver(at: now)) }
        guard alive.count < Judgement.grantCountMax else {
            throw GovernanceRefusal(
                .outOfBounds, "\(name.quoted) has \(Judgement.grantCountMax) grants: that is another plan by now")
        }
        try check(reason: grant.reason, isNeeded: true)
        try check(from: facts.from, until: facts.until)
        try checkShape(grant, of: entry.tenant)
        try checkBounds(of: grant, for: entry.tenant)
        return verdict("tenant/\(name)", .grantProposed(facts))
    }

    private func checkShape(_ grant: Grant, of tenant: Tenant) throws(GovernanceRefusal) {
        guard !grant.adjustments.isEmpty || !grant.features.isEmpty else {
            throw GovernanceRefusal(.invalid, "a grant adjusts something or gives a feature", member: "adjustments")
        }
        guard Set(grant.adjustments.map(\.target)).count == grant.adjustments.count else {
            throw GovernanceRefusal(.invalid, "a target is adjusted once in a grant", member: "adjustments")
        }
        let bounds = policy?.bounds ?? GrantBounds()
        switch grant.kind {
        case .exemption:
            guard let until = grant.until else {
                throw GovernanceRefusal(.invalid, "an exemption ends", member: "until", suggestion: "say when")
            }
            try checkLength(
                EventTime(grant.from), EventTime(until), atMost: bounds.exemptionLengthMax, of: "an exemption")
            for adjustment in grant.adjustments {
                guard case .factor(let thousandths) = adjustment.change else {
                    throw GovernanceRefusal(
                        .invalid, "an exemption multiplies what is there", member: "adjustments",
                        suggestion: "write a factor, or propose an override")
                }
                guard thousandths <= bounds.exemptionFactorMax else {
                    throw GovernanceRefusal(
                        .outOfBounds,
                        "an exemption multiplies by at most "
                            + "\(Adjustment.Change.factor(thousandths: bounds.exemptionFactorMax)) by this policy",
                        member: "adjustments")
                }
            }
        case .override:
            guard grant.until == nil else { break }
            guard let review = grant.review else {
                throw GovernanceRefusal(
                    .invalid, "an override without an end has a date on which somebody looks at it again",
                    member: "review")
            }
            let plan = Entitlement(of: tenant, at: now).plan
            try checkLength(
                EventTime(now), EventTime(review), atMost: bounds.reviewWithin(ofPlan: plan),
                of: "the time until a review", member: "review")
        }
    }

    /// Whether a tenant that also had this grant stays within what the policy lets anybody have, and whether the policy
    /// can give it.
    private func checkBounds(of grant: Grant, for tenant: Tenant) throws(GovernanceRefusal) {
        var after = tenant
        after.grants.append(grant)
        try checkFits(after)
        guard let policy else { return }
        try checkExceptions(with: after, in: policy)
        // At every moment from now on: what begins later may meet what others were granted for then.
        var moment: WallTime? = now
        while let at = moment {
            let entitlement = Entitlement(of: after, at: at)
            try checkFactor(of: entitlement, in: policy)
            moment = entitlement.until
        }
    }

    private func checkFactor(of entitlement: Entitlement, in policy: Snapshot) throws(GovernanceRefusal) {
        guard let excess = PlanExcess(of: entitlement, in: policy).largest,
            excess.thousandths > policy.bounds.factorMax(ofPlan: entitlement.plan)
        else { return }
        let most = policy.bounds.factorMax(ofPlan: entitlement.plan)
        throw GovernanceRefusal(
            .outOfBounds,
            "\(excess.target) would be \(Adjustment.Change.factor(thousandths: excess.thousandths)) of what "
                + "the plan \(entitlement.plan.quoted) says, and the policy lets nobody who has it get more than "
                + "\(Adjustment.Change.factor(thousandths: most))", member: "adjustments",
            suggestion: "ask for less, or for another plan")
    }

    /// Whether one more tenant of a plan may be an exception.
    ///
    /// - Complexity: O(tenants), where the policy bounds their number.
    private func checkExceptions(with tenant: Tenant, in policy: Snapshot) throws(GovernanceRefusal) {
        let plan = Entitlement(of: tenant, at: now).plan
        guard let most = policy.bounds.plans[plan]?.exceptionsMax else { return }
        var others = 0
        for entry in registry.tenants.values
        where entry.tenant.name != tenant.name && entry.tenant.grants.contains(where: { !$0.isOver(at: now) })
            && Entitlement(of: entry.tenant, at: now).plan == plan
        {
            others += 1
            if others >= most { break }
        }
        guard others >= most else { return }
        throw GovernanceRefusal(
            .outOfBounds,
            "\(most) tenants of the plan \(plan.quoted) have grants, and the policy lets no more be exceptions",
            member: "adjustments", suggestion: "end another, or change the plan: the exception has become the rule")
    }

    /// A yes or no to what somebody else asks for.
    func decideGrant(
        _ name: String, _ id: String, isApproved: Bool, _ reason: String?
    ) throws(GovernanceRefusal) -> Verdict {
        let entry = try tenant(name)
        guard let request = entry.requests.first(where: { $0.grant.id == id }) else {
            throw GovernanceRefusal(.unknown, "\(name.quoted) has no grant \(id.quoted)", member: "id")
        }
        guard request.state == .open else {
            throw GovernanceRefusal(.conflict, "\(id.quoted) is \(request.state.rawValue) already", member: "id")
        }
        try check(reason: reason, isNeeded: !isApproved)
        let verdictFacts = Governance.Verdict(id: id, reason: reason)
        guard isApproved else { return verdict("tenant/\(name)", .grantRejected(verdictFacts)) }
        try checkIndependence(of: request.requester, request.others, what: id.quoted)
        guard !request.grant.isOver(at: now) else {
            throw GovernanceRefusal(.conflict, "\(id.quoted) would be over already", member: "id")
        }
        // What was within bounds when it was asked for may not be any more: grants and policies have changed since.
        try checkShape(request.grant, of: entry.tenant)
        try checkBounds(of: request.grant, for: entry.tenant)
        return verdict("tenant/\(name)", .grantApproved(verdictFacts))
    }

    /// A wish that is taken back by who had it, before anybody has decided.
    func withdrawGrant(_ name: String, _ facts: Governance.Verdict) throws(GovernanceRefusal) -> Verdict {
        let entry = try tenant(name)
        guard let request = entry.requests.first(where: { $0.grant.id == facts.id }) else {
            throw GovernanceRefusal(.unknown, "\(name.quoted) has no grant \(facts.id.quoted)", member: "id")
        }
        guard request.requester == actorInRecords else {
            throw GovernanceRefusal(.forbidden, "\(request.requester) has asked for \(facts.id.quoted), not \(actor)")
        }
        guard request.state == .open else {
            throw GovernanceRefusal(
                .conflict, "\(facts.id.quoted) is \(request.state.rawValue) already", member: "id")
        }
        try check(reason: facts.reason, isNeeded: false)
        return verdict("tenant/\(name)", .grantRejected(facts))
    }

    /// An end that comes earlier.
    func endGrant(_ name: String, _ ending: Ending) throws(GovernanceRefusal) -> Verdict {
        let entry = try tenant(name)
        guard let grant = entry.tenant.grants.first(where: { $0.id == ending.id }) else {
            throw GovernanceRefusal(
                .unknown, "\(name.quoted) has no grant \(ending.id.quoted) that was approved", member: "id")
        }
        guard !grant.isOver(at: now) else {
            throw GovernanceRefusal(.conflict, "\(ending.id.quoted) is over", member: "id")
        }
        if let until = grant.until, until < ending.at.moment {
            throw GovernanceRefusal(
                .invalid, "\(ending.id.quoted) ends at \(Timestamp.text(until)); it cannot be made longer",
                member: "at",
                suggestion: "propose another")
        }
        try check(reason: ending.reason, isNeeded: true)
        return verdict("tenant/\(name)", .grantEnded(ending))
    }
}

extension Grant {
    /// Whether it holds no more.
    package func isOver(at now: WallTime) -> Bool { until.map { $0 <= now } ?? false }
}
