internal import Access
internal import Directory
package import Ledger
internal import Policy
internal import Vocabulary

/// How events change what holds.
extension Registry {
    /// Applies the next record of the ledger.
    ///
    /// Events of types that are not known here change nothing but the versions: another part of Headgate wrote them.
    /// An erased record is skipped likewise: only what nothing rests on is erased (`Governor.erase`).
    ///
    /// - Throws: if a known type has a payload that is none.
    package mutating func apply(_ entry: LedgerEntry) throws(UnreadableEvent) {
        switch entry.content {
        case .sealed(let seal):
            if let record = LedgerRecord(bytes: seal.record),
                let event = try GovernanceEvent(type: record.type, payload: record.payload)
            {
                apply(event, to: record.stream, by: record.actor, at: record.time)
            }
        case .erased: applyErased(entry)
        }
        note(version: entry.version, of: entry.stream)
        sequence = entry.sequence + 1
        if [TokenRegistry.stream, TokenRegistry.revocationStream].contains(entry.stream) { tokens.sequence = sequence }
        if let owner = Registry.owner(ofStream: entry.stream) {
            directorySequence = sequence
            changes.note(owner, at: entry.sequence)
        }
    }

    /// What is known of an erased record: that there has been something.
    ///
    /// A tenant whose beginning is erased begins all the same, without a plan and suspended, until a later record says
    /// what it is.
    private mutating func applyErased(_ entry: LedgerEntry) {
        guard entry.type == "tenant.created", let name = entry.stream.removing(prefix: "tenant/") else { return }
        var tenant = TenantEntry(tenant: Tenant(name: name, plan: ""), created: entry.time)
        tenant.tenant.isSuspended = true
        tenants[name] = tenant
    }

    private mutating func note(version: Int64, of stream: String) {
        if let name = stream.removing(prefix: "tenant/") {
            tenants[name]?.version = version
        } else if let name = stream.removing(prefix: "operator/") {
            operators[name]?.version = version
        } else {
            versions[stream] = version
        }
    }

    /// Applies an event.
    mutating func apply(_ event: GovernanceEvent, to stream: String, by actor: String, at time: WallTime) {
        if [TokenRegistry.stream, TokenRegistry.revocationStream].contains(stream) { return tokens.apply(event) }
        if stream == "policy" {
            return policies.apply(event, by: actor, others: others(than: actor, in: event), at: time)
        }
        if let name = stream.removing(prefix: "operator/") {
            return apply(event, toOperator: name, by: actor, at: time)
        }
        guard let owner = Registry.owner(ofStream: stream) else { return }
        switch event {
        case .tenantCreated(let facts):
            guard case .tenant(let name) = owner else { return }
            var entry = TenantEntry(tenant: Tenant(name: name, plan: facts.plan), created: time)
            entry.state(facts)
            tenants[name] = entry
        case .principalStated, .principalRemoved, .keyCreated, .keyExpires, .keyRevoked:
            note(event, of: owner)
            if case .tenant(let name) = owner {
                tenants[name]?.principals.apply(event, owner: owner, at: time)
            } else {
                platform.apply(event, owner: owner, at: time)
            }
        default:
            guard case .tenant(let name) = owner else { return }
            let others = others(than: actor, in: event)
            tenants[name]?.apply(event, by: actor, others: others, at: time)
        }
    }

    /// The other operators who may be the same person as whoever proposes something; for other events nobody asks.
    private func others(than actor: String, in event: GovernanceEvent) -> [String] {
        switch event {
        case .grantProposed, .policyProposed:
            guard let name = actor.removing(prefix: "operator/") else { return [] }
            return group(of: name).subtracting([name]).sorted()
        default: return []
        }
    }

    /// Keeps the index of keys.
    private mutating func note(_ event: GovernanceEvent, of owner: Principal.Owner) {
        switch event {
        case .keyCreated(let facts): keys[facts.id] = owner
        case .principalRemoved(let facts):
            for key in principals(of: owner).first(where: { $0.name == facts.name })?.keys ?? [] { keys[key.id] = nil }
        default: break
        }
    }

    private mutating func apply(
        _ event: GovernanceEvent, toOperator name: String, by actor: String, at time: WallTime
    ) {
        switch event {
        case .operatorStated(let facts):
            if operators[name] == nil { operators[name] = OperatorEntry(facts: facts, created: time) }
            operators[name]?.apply(facts, at: time)
        case .operatorCredentialsChanged(let facts): operators[name]?.apply(facts, by: actor, at: time)
        case .operatorSignedIn(let facts): operators[name]?.apply(facts)
        case .operatorVouched: operators[name]?.sponsor = nil
        case .operatorTokenIssued(let facts):
            guard let owner = OperatorName(name), let token = facts.grant(of: owner, at: time) else { return }
            operators[name]?.tokens.append(token)
        case .operatorTokenRevoked(let verdict):
            guard let index = operators[name]?.tokens.firstIndex(where: { $0.id == verdict.id }) else { return }
            operators[name]?.tokens[index].revokedAt = time
        default: break
        }
    }
}

extension TenantEntry {
    /// Takes over what is known of the tenant.
    mutating func state(_ facts: TenantFacts) {
        tenant.plan = facts.plan
        tenant.segment = facts.segment
        tenant.regions = facts.regions
        tenant.isSandbox = facts.sandbox
        tenant.isSuspended = facts.suspended
        contract = facts.contract
    }

    /// What is known of the tenant, as events state it.
    package var facts: TenantFacts {
        TenantFacts(
            plan: tenant.plan, segment: tenant.segment, contract: contract, regions: tenant.regions,
            sandbox: tenant.isSandbox, suspended: tenant.isSuspended)
    }

    /// Applies an event about plan and grants.
    mutating func apply(_ event: GovernanceEvent, by actor: String, others: [String], at time: WallTime) {
        switch event {
        case .tenantChanged(let facts): state(facts)
        case .planAssigned(let facts):
            tenant.assignments.append(
                PlanAssignment(
                    plan: facts.plan, from: facts.from.moment, until: facts.until?.moment, isTrial: facts.trial))
        case .grantProposed(let facts):
            guard let grant = facts.grant else { return }
            requests.append(GrantRequest(grant: grant, requester: actor, proposed: time, others: others))
        case .grantApproved(let verdict):
            guard let index = requests.firstIndex(where: { $0.grant.id == verdict.id }) else { return }
            requests[index].state = .approved
            requests[index].decider = actor
            tenant.grants.append(requests[index].grant)
        case .grantRejected(let verdict):
            guard let index = requests.firstIndex(where: { $0.grant.id == verdict.id }) else { return }
            requests[index].state = .rejected
            requests[index].decider = actor
        case .grantEnded(let ending):
            guard let index = tenant.grants.firstIndex(where: { $0.id == ending.id }) else { return }
            tenant.grants[index].until = min(tenant.grants[index].until ?? ending.at.moment, ending.at.moment)
        default: break
        }
    }
}

extension [Principal] {
    /// Applies an event about principals and their keys.
    mutating func apply(_ event: GovernanceEvent, owner: Principal.Owner, at time: WallTime) {
        switch event {
        case .principalStated(let facts):
            let index = firstIndex { $0.name == facts.name } ?? endIndex
            if index == endIndex { append(Principal(owner: owner, name: facts.name)) }
            self[index].classes = facts.classes
            self[index].attributes = facts.attributes
            self[index].summary = facts.summary
        case .principalRemoved(let facts): removeAll { $0.name == facts.name }
        case .keyCreated(let facts):
            guard let index = firstIndex(where: { $0.name == facts.principal }), let hash = KeyHash(facts.hash) else {
                return
            }
            self[index].keys.append(
                APIKey(id: facts.id, hash: hash, created: time, expires: facts.expires?.moment, label: facts.label))
        case .keyExpires(let ending): change(ending.id) { $0.expires = ending.at.moment }
        case .keyRevoked(let verdict): change(verdict.id) { $0.revoked = time }
        default: break
        }
    }

    private mutating func change(_ key: String, _ body: (inout APIKey) -> Void) {
        for principal in indices {
            guard let index = self[principal].keys.firstIndex(where: { $0.id == key }) else { continue }
            body(&self[principal].keys[index])
        }
    }
}

extension PolicyHistory {
    /// Applies an event about policies.
    mutating func apply(_ event: GovernanceEvent, by actor: String, others: [String], at time: WallTime) {
        switch event {
        case .policyProposed(let facts):
            proposals.append(PolicyProposal(facts: facts, author: actor, proposed: time, others: others))
        case .policyApproved(let verdict): change(verdict.id, to: .approved, by: actor)
        case .policyRejected(let verdict): change(verdict.id, to: .rejected, by: actor)
        case .policyScheduled(let ending):
            change(ending.id, to: .scheduled)
            guard let index = index(of: ending.id) else { return }
            proposals[index].scheduled = ending.at.moment
            proposals[index].scheduler = actor
        case .policyPublished(let facts):
            change(facts.id, to: .published)
            publish(PolicyPublication(id: facts.id, time: time, actor: actor, isRollback: facts.rollback))
        default: break
        }
    }

    private mutating func change(_ id: String, to state: PolicyProposal.State, by decider: String? = nil) {
        guard let index = index(of: id) else { return }
        proposals[index].state = state
        if let decider { proposals[index].decider = decider }
    }
}
