internal import Directory
internal import Policy
internal import Vocabulary

extension Judgement {
    /// A new tenant.
    func createTenant(_ name: String, _ facts: TenantFacts) throws(GovernanceRefusal) -> Verdict {
        guard DirectoryName.isValid(name), name != "platform" else {
            throw GovernanceRefusal(
                .invalid, "\(name.quoted) cannot be the name of a tenant", member: "name",
                suggestion: "names are made of \(DirectoryName.rule), and are not `platform`")
        }
        guard registry.tenants[name] == nil else {
            throw GovernanceRefusal(.exists, "there is a tenant \(name.quoted) already", member: "name")
        }
        guard registry.tenants.count < Judgement.tenantCountMax else {
            throw GovernanceRefusal(.outOfBounds, "there are \(Judgement.tenantCountMax) tenants, and no more can be")
        }
        try check(facts)
        return verdict("tenant/\(name)", .tenantCreated(facts))
    }

    /// A tenant that is something else.
    func changeTenant(_ name: String, _ facts: TenantFacts) throws(GovernanceRefusal) -> Verdict {
        let entry = try tenant(name)
        guard entry.facts != facts else {
            throw GovernanceRefusal(.conflict, "\(name.quoted) is like that already: nothing would change")
        }
        try check(facts)
        if facts.sandbox != entry.facts.sandbox, entry.principals.contains(where: { !$0.keys.isEmpty }) {
            throw GovernanceRefusal(
                .conflict, "\(name.quoted) has keys, whose texts say whether it is a sandbox", member: "sandbox",
                suggestion: "make another tenant")
        }
        return verdict("tenant/\(name)", .tenantChanged(facts))
    }

    private func check(_ facts: TenantFacts) throws(GovernanceRefusal) {
        try check(plan: facts.plan)
        for region in facts.regions ?? [] {
            guard let policy, !policy.regions.contains(where: { $0.name == region }) else { continue }
            throw unknown("region", region, among: policy.regions.map(\.name))
        }
        for (member, text) in [("segment", facts.segment), ("contract", facts.contract)] {
            guard let text, text.isEmpty || text.utf8.count > 200 else { continue }
            throw GovernanceRefusal(.invalid, "a \(member) has 1 to 200 bytes", member: member)
        }
        try checkPlain(facts.segment, "segment")
        try checkPlain(facts.contract, "contract")
    }

    /// A plan, now, later or for a time.
    func assignPlan(_ name: String, _ facts: AssignmentFacts) throws(GovernanceRefusal) -> Verdict {
        let entry = try tenant(name)
        try check(plan: facts.plan)
        try check(reason: facts.reason, isNeeded: false)
        try check(from: facts.from, until: facts.until)
        if facts.trial { try checkTrial(of: entry, facts) }
        var after = entry.tenant
        after.assignments.append(
            PlanAssignment(plan: facts.plan, from: facts.from.moment, until: facts.until?.moment, isTrial: facts.trial))
        try checkFits(after)
        return verdict("tenant/\(name)", .planAssigned(facts))
    }

    private func checkTrial(of entry: TenantEntry, _ facts: AssignmentFacts) throws(GovernanceRefusal) {
        let bounds = policy?.bounds ?? GrantBounds()
        guard let until = facts.until else {
            throw GovernanceRefusal(.invalid, "a trial ends", member: "until", suggestion: "say when")
        }
        try checkLength(facts.from, until, atMost: bounds.trialLengthMax, of: "a trial")
        guard !entry.tenant.assignments.contains(where: { $0.isTrial && $0.plan == facts.plan }) else {
            throw GovernanceRefusal(
                .conflict, "\(entry.tenant.name.quoted) has had a trial of \(facts.plan.quoted)", member: "plan",
                suggestion: "assign the plan for a time instead, which is no trial and says so")
        }
    }

    /// Times that are in order; what was before now cannot be changed any more.
    func check(from: EventTime, until: EventTime?) throws(GovernanceRefusal) {
        if let until, until <= from {
            throw GovernanceRefusal(.invalid, "it would end before it begins", member: "until")
        }
        guard let until, until.moment <= now else { return }
        throw GovernanceRefusal(.invalid, "it would be over already", member: "until")
    }

    /// A length within a bound of the policy.
    func checkLength(
        _ from: EventTime, _ until: EventTime, atMost length: Nanoseconds, of what: String
    ) throws(GovernanceRefusal) {
        guard until.moment.milliseconds - from.moment.milliseconds > length.count / 1_000_000 else { return }
        throw GovernanceRefusal(
            .outOfBounds, "\(what) lasts at most \(length.count / Nanoseconds.day.count) days by this policy",
            member: "until")
    }

    /// Whether the policy can give a tenant what it would have, from now on.
    func checkFits(_ tenant: Tenant) throws(GovernanceRefusal) {
        guard let policy else { return }
        var moment: WallTime? = now
        while let at = moment {
            let entitlement = Entitlement(of: tenant, at: at)
            do throws(AdjustmentProblem) { _ = try entitlement.effectivePlan(in: policy) } catch {
                throw GovernanceRefusal(
                    .conflict,
                    "from \(Timestamp.text(at)) on the policy could not give \(tenant.name.quoted) what it "
                        + "would have: \(error)")
            }
            moment = entitlement.until
        }
    }
}
