package import Access
internal import Policy

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
        if let step = facts.step, let last = entry.lastStep, step <= last {
            throw GovernanceRefusal(.conflict, "this code or a later one was used already", member: "code")
        }
        return verdict("operator/\(name)", .operatorSignedIn(facts))
    }

    /// What an operator signs in with was changed.
    func changeCredentials(_ name: String, _ facts: CredentialFacts) throws(GovernanceRefusal) -> Verdict {
        guard registry.operators[name] != nil else {
            throw GovernanceRefusal(.unknown, "there is no operator \(name.quoted)", member: "name")
        }
        // It would take a second factor off whoever asks, at a word of one who has only the first.
        guard name != actor.text else {
            throw GovernanceRefusal(
                .separationOfDuties, "nobody resets what they sign in with themselves",
                suggestion: "ask another platform admin")
        }
        return verdict("operator/\(name)", .operatorCredentialsChanged(facts))
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
