package import Access
internal import Policy
internal import Vocabulary

extension Judgement {
    /// An operator that exists, or has other roles.
    func stateOperator(_ name: String, _ facts: OperatorFacts) throws(GovernanceRefusal) -> Verdict {
        guard let operatorName = OperatorName(name) else {
            throw GovernanceRefusal(
                .invalid, "\(name.quoted) cannot be the name of an operator", member: "name",
                suggestion: "1 to \(OperatorName.lengthMax) small letters, digits and . _ - @ +")
        }
        guard operatorName != actor else {
            throw GovernanceRefusal(
                .separationOfDuties, "nobody gives themselves roles or takes them away",
                suggestion: "ask another platform admin")
        }
        let present = registry.operators[name]
        guard present?.facts != facts else {
            throw GovernanceRefusal(.conflict, "\(name.quoted) is like that already: nothing would change")
        }
        for held in facts.roles { try check(held) }
        guard Set(facts.roles.map(\.role)).count == facts.roles.count else {
            throw GovernanceRefusal(.invalid, "a role is named once", member: "roles")
        }
        if present?.isAdministrator == true, !OperatorEntry(facts: facts, created: now).isAdministrator {
            try checkSomebodyIsLeft(without: name)
        }
        return verdict("operator/\(name)", .operatorStated(facts))
    }

    private func check(_ held: OperatorFacts.HeldRole) throws(GovernanceRefusal) {
        guard let role = Role(rawValue: held.role) else {
            throw GovernanceRefusal(
                .invalid, "there is no role \(held.role.quoted)", member: "roles",
                suggestion: "roles are \(Role.allCases.map(\.rawValue).listed())")
        }
        guard RoleGrant(role, tenants: held.tenants.map(Set.init)) != nil else {
            throw GovernanceRefusal(
                .invalid,
                role.isBoundToTenants
                    ? "the role \(held.role) is held for certain tenants: name them"
                    : "the role \(held.role) is held for all: name no tenants", member: "roles")
        }
        for tenant in held.tenants ?? [] where registry.tenants[tenant] == nil {
            throw GovernanceRefusal(.unknown, "there is no tenant \(tenant.quoted)", member: "roles")
        }
    }

    private func checkSomebodyIsLeft(without name: String) throws(GovernanceRefusal) {
        guard registry.operators.contains(where: { $0.key != name && $0.value.isAdministrator }) else {
            throw GovernanceRefusal(
                .conflict, "\(name.quoted) is the last platform admin: nobody could make another")
        }
    }

    /// An operator who has shown who they are, with a code that was not used before.
    func signIn(_ name: String, _ facts: SignInFacts) throws(GovernanceRefusal) -> Verdict {
        guard name == actor.text, let entry = registry.operators[name], !entry.facts.disabled else {
            throw GovernanceRefusal(.forbidden, "operators sign in as themselves")
        }
        try check(step: facts.step, of: entry)
        if facts.purpose == SignInFacts.enrolmentPurpose, entry.enrolment == nil {
            throw GovernanceRefusal(.conflict, "this was used already", member: "password")
        }
        return verdict("operator/\(name)", .operatorSignedIn(facts))
    }

    private func check(step: Int64?, of entry: OperatorEntry) throws(GovernanceRefusal) {
        guard let step, entry.usedSteps.contains(step) else { return }
        throw GovernanceRefusal(.conflict, "this code was used already", member: "code")
    }

    /// What an operator signs in with was changed: reset by somebody else, or set by the operator.
    ///
    /// That the operator has shown who they are for it is for who keeps the secrets to make sure.
    func changeCredentials(_ name: String, _ facts: CredentialFacts) throws(GovernanceRefusal) -> Verdict {
        guard let entry = registry.operators[name] else {
            throw GovernanceRefusal(.unknown, "there is no operator \(name.quoted)", member: "name")
        }
        guard !entry.facts.disabled else {
            throw GovernanceRefusal(.conflict, "\(name.quoted) is disabled", member: "name")
        }
        if facts.what.isOwn {
            guard name == actor.text else {
                throw GovernanceRefusal(.forbidden, "operators set what they sign in with themselves")
            }
            guard facts.mark != nil else {
                throw GovernanceRefusal(.invalid, "secrets that count have a mark", member: "mark")
            }
            if !facts.what.isPhoneNew { try check(step: facts.step, of: entry) }
        } else {
            // It would take a second factor off whoever asks, at a word of one who has only the first.
            guard name != actor.text else {
                throw GovernanceRefusal(
                    .separationOfDuties, "nobody resets what they sign in with themselves",
                    suggestion: "change it with what you have (PUT /v1/me/phone), or ask another platform admin")
            }
            let left = facts.expires.map { $0.moment.milliseconds - now.milliseconds } ?? 0
            guard facts.mark == nil, facts.enrolment.flatMap({ SecretHash($0) }) != nil,
                (1...EnrolmentSecret.lifetimeMilliseconds).contains(left)
            else { throw GovernanceRefusal(.invalid, "a reset has a hash and an end within an hour, and no secrets") }
        }
        return verdict("operator/\(name)", .operatorCredentialsChanged(facts))
    }

    /// That somebody stands for an operator whom another one has let in.
    func vouch(_ name: String, _ facts: VouchFacts) throws(GovernanceRefusal) -> Verdict {
        guard let entry = registry.operators[name] else {
            throw GovernanceRefusal(.unknown, "there is no operator \(name.quoted)", member: "name")
        }
        guard let sponsor = entry.sponsor else {
            throw GovernanceRefusal(.conflict, "\(name.quoted) needs nobody to vouch for", member: "name")
        }
        guard entry.secretsMark != nil else {
            throw GovernanceRefusal(
                .conflict, "\(name.quoted) has not set anything yet that could be vouched for", member: "name")
        }
        guard facts.generation == entry.credentialGeneration else {
            throw GovernanceRefusal(.stale, "\(name.quoted) has set other credentials meanwhile")
        }
        guard registry.areIndependent(name, actor.text) else {
            throw GovernanceRefusal(
                .separationOfDuties,
                "\(sponsor) has let \(name) in, and \(actor) counts as one person with them",
                suggestion: "let somebody vouch who is not of that line")
        }
        try check(reason: facts.reason, isNeeded: true)
        return verdict("operator/\(name)", .operatorVouched(facts))
    }
}

extension OperatorEntry {
    /// Whether the operator can make others.
    var isAdministrator: Bool { !facts.disabled && facts.roles.contains { $0.role == Role.platformAdmin.rawValue } }

    /// What the access room decides by; nothing for an operator who may not sign in.
    package var grants: Set<RoleGrant> {
        guard !facts.disabled else { return [] }
        return Set(
            facts.roles.compactMap { held in
                Role(rawValue: held.role).flatMap { RoleGrant($0, tenants: held.tenants.map(Set.init)) }
            })
    }
}
