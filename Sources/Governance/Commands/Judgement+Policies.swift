internal import Policy
internal import Vocabulary
internal import Directory

extension Judgement {
    /// A policy that somebody wants.
    func proposePolicy(_ facts: ProposalFacts) throws(GovernanceRefusal) -> Verdict {
        try check(reason: facts.reason, isNeeded: true)
        guard facts.id == registry.policies.nextID else {
            throw GovernanceRefusal(.stale, "the next proposal is \(registry.policies.nextID), not \(facts.id)")
        }
        let snapshot = try PolicyText.compile(facts.documents).get()
        guard snapshot.version.description == facts.version else {
            throw GovernanceRefusal(
                .invalid, "the documents mean \(snapshot.version), not \(facts.version)", member: "version")
        }
        if let expires = facts.expires, expires.moment <= now {
            throw GovernanceRefusal(.invalid, "it would be over already", member: "expires")
        }
        return verdict("policy", .policyProposed(facts))
    }

    /// A yes or no to it.
    func decidePolicy(_ id: String, isApproved: Bool, _ reason: String?) throws(GovernanceRefusal) -> Verdict {
        let proposal = try proposal(id)
        try check(reason: reason, isNeeded: !isApproved)
        let facts = Governance.Verdict(id: id, reason: reason)
        guard isApproved else {
            try checkIsNotInForce(proposal)
            return verdict("policy", .policyRejected(facts))
        }
        guard proposal.state == .open else { throw conflict(proposal, "only an open one can be approved") }
        try checkIndependence(of: proposal.author, proposal.others, what: id)
        return verdict("policy", .policyApproved(facts))
    }

    /// A policy that its author takes back.
    func withdrawPolicy(_ facts: Governance.Verdict) throws(GovernanceRefusal) -> Verdict {
        let proposal = try proposal(facts.id)
        guard proposal.author == actorInRecords else {
            throw GovernanceRefusal(.forbidden, "\(proposal.author) has proposed \(facts.id), not \(actor)")
        }
        try check(reason: facts.reason, isNeeded: false)
        try checkIsNotInForce(proposal)
        return verdict("policy", .policyRejected(facts))
    }

    private func checkIsNotInForce(_ proposal: PolicyProposal) throws(GovernanceRefusal) {
        let isInForce = proposal.state == .scheduled && proposal.scheduled.map { $0 <= now } ?? false
        guard !isInForce, proposal.state != .published, proposal.state != .rejected else {
            throw conflict(proposal, "only what is not in force yet can be refused or taken back")
        }
    }

    /// When an approved policy comes into force.
    func schedulePolicy(_ ending: Ending) throws(GovernanceRefusal) -> Verdict {
        let proposal = try proposal(ending.id)
        guard proposal.state == .approved || proposal.state == .scheduled else {
            throw conflict(proposal, "only an approved one can be scheduled")
        }
        guard now < ending.at.moment else {
            throw GovernanceRefusal(.invalid, "that moment is over", member: "at", suggestion: "publish it instead")
        }
        if let scheduled = proposal.scheduled, proposal.state == .scheduled, scheduled <= now {
            throw conflict(proposal, "it is in force since \(Timestamp.text(scheduled))")
        }
        return verdict("policy", .policyScheduled(ending))
    }

    /// An approved policy that comes into force now.
    func publishPolicy(_ id: String) throws(GovernanceRefusal) -> Verdict {
        let proposal = try proposal(id)
        guard proposal.state == .approved || proposal.state == .scheduled else {
            throw conflict(proposal, "only an approved one can be published")
        }
        try checkStillMeansSomething(proposal)
        return verdict("policy", .policyPublished(PublicationFacts(id: id)))
    }

    /// A policy that was in force and is so again.
    func rollBackPolicy(_ id: String, _ reason: String) throws(GovernanceRefusal) -> Verdict {
        let proposal = try proposal(id)
        try check(reason: reason, isNeeded: true)
        guard registry.policies.hasBegun(id, at: now) else {
            throw conflict(proposal, "only one that was in force can be put back")
        }
        guard registry.policies.current(at: now)?.facts.id != id else {
            throw conflict(proposal, "it is in force")
        }
        try checkStillMeansSomething(proposal)
        return verdict(
            "policy", .policyPublished(PublicationFacts(id: id, rollback: true, reason: reason)))
    }

    /// Whether the policy can be published as things are: tenants may have got plans and grants since it was written.
    private func checkStillMeansSomething(_ proposal: PolicyProposal) throws(GovernanceRefusal) {
        if let expires = proposal.facts.expires, expires.moment <= now {
            throw conflict(proposal, "it was to end at \(Timestamp.text(expires.moment))")
        }
        let snapshot = try PolicyText.compile(proposal.facts.documents).get()
        let diagnostics = DirectoryBinding.diagnostics(
            of: registry.owners, platform: registry.platform, under: snapshot, at: now)
        guard let problem = diagnostics.first(where: { $0.severity == .error }) else { return }
        throw GovernanceRefusal(.conflict, "\(proposal.facts.id) cannot come into force: \(problem.message)")
    }

    private func proposal(_ id: String) throws(GovernanceRefusal) -> PolicyProposal {
        guard let proposal = registry.policies.proposal(id) else {
            throw GovernanceRefusal(.unknown, "there is no proposal \(id.quoted)", member: "id")
        }
        return proposal
    }

    private func conflict(_ proposal: PolicyProposal, _ why: String) -> GovernanceRefusal {
        GovernanceRefusal(.conflict, "\(proposal.facts.id) is \(proposal.state.rawValue): \(why)", member: "id")
    }
}
