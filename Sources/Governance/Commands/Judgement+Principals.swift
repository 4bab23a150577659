package import Directory
internal import Policy
internal import Vocabulary

extension Judgement {
    /// A principal that exists, or is something else.
    func statePrincipal(_ owner: Principal.Owner, _ facts: PrincipalFacts) throws(GovernanceRefusal) -> Verdict {
        try check(owner)
        guard DirectoryName.isValid(facts.name) else {
            throw GovernanceRefusal(
                .invalid, "\(facts.name.quoted) cannot be the name of a principal", member: "name",
                suggestion: "names are made of \(DirectoryName.rule)")
        }
        let principals = registry.principals(of: owner)
        if let present = principals.first(where: { $0.name == facts.name }) {
            guard PrincipalFacts(present) != facts else {
                throw GovernanceRefusal(
                    .conflict, "\(present.qualifiedName.quoted) is like that already: nothing would change")
            }
        } else if principals.count >= Judgement.principalCountMax {
            throw GovernanceRefusal(
                .outOfBounds, "\(owner.label.quoted) has \(principals.count) principals, and no more can be")
        }
        guard Set(facts.classes).count == facts.classes.count else {
            throw GovernanceRefusal(.invalid, "a class is named once", member: "classes")
        }
        for name in facts.classes {
            guard let policy, !policy.classes.contains(where: { $0.name == name }) else { continue }
            throw unknown("class", name, among: policy.classes.map(\.name))
        }
        guard facts.attributes.count <= 64, facts.attributes.allSatisfy({ (1...128).contains($0.utf8.count) }),
            facts.summary?.utf8.count ?? 0 <= 500
        else {
            throw GovernanceRefusal(
                .invalid, "a principal has at most 64 attributes of 128 bytes, and a summary of 500 bytes")
        }
        for attribute in facts.attributes { try checkPlain(attribute, "attributes") }
        return verdict(Registry.stream(of: owner), .principalStated(facts))
    }

    /// A principal that is gone.
    func removePrincipal(_ owner: Principal.Owner, _ name: String) throws(GovernanceRefusal) -> Verdict {
        _ = try principal(name, of: owner)
        return verdict(Registry.stream(of: owner), .principalRemoved(PrincipalName(name: name)))
    }

    /// A key that was drawn for a principal.
    func issueKey(
        _ owner: Principal.Owner, _ facts: KeyFacts, overlap: Nanoseconds?
    ) throws(GovernanceRefusal) -> Verdict {
        let principal = try principal(facts.principal, of: owner)
        guard KeyHash(facts.hash) != nil, registry.keys[facts.id] == nil else {
            throw GovernanceRefusal(.exists, "there is a key \(facts.id.quoted)", member: "id")
        }
        if let expires = facts.expires, expires.moment <= now {
            throw GovernanceRefusal(
                .invalid, "the key would expire at \(Timestamp.text(expires.moment)), which is over", member: "expires")
        }
        guard facts.label?.utf8.count ?? 1 <= 200 else {
            throw GovernanceRefusal(.invalid, "a label has at most 200 bytes", member: "label")
        }
        try checkPlain(facts.label, "label")
        let alive = principal.keys.filter { $0.status(at: now) == .active }
        guard alive.count < Judgement.keyCountMax else {
            throw GovernanceRefusal(
                .outOfBounds, "\(principal.qualifiedName.quoted) has \(alive.count) keys that are accepted",
                suggestion: "revoke those that nobody uses")
        }
        guard let former = facts.replaces else { return verdict(Registry.stream(of: owner), .keyCreated(facts)) }
        guard let key = alive.first(where: { $0.id == former }) else {
            throw GovernanceRefusal(
                .conflict, "\(former.quoted) is no key of \(principal.qualifiedName.quoted) that is accepted",
                member: "replaces")
        }
        let end = WallTime(milliseconds: now.milliseconds + (overlap ?? .zero).count / 1_000_000)
        // A key that ends sooner anyway keeps its end: a rotation never makes a key live longer.
        guard key.expires.map({ end < $0 }) ?? true else {
            return verdict(Registry.stream(of: owner), .keyCreated(facts))
        }
        return verdict(
            Registry.stream(of: owner), .keyCreated(facts),
            .keyExpires(Ending(id: former, at: EventTime(end), reason: "replaced by \(facts.id)")))
    }

    /// A key that is withdrawn.
    func revokeKey(_ id: String, _ reason: String?) throws(GovernanceRefusal) -> Verdict {
        guard let (owner, _, key) = registry.key(id) else {
            throw GovernanceRefusal(.unknown, "there is no key \(id.quoted)", member: "id")
        }
        guard key.revoked == nil else {
            throw GovernanceRefusal(.conflict, "the key \(id.quoted) is revoked already", member: "id")
        }
        try check(reason: reason, isNeeded: false)
        return verdict(Registry.stream(of: owner), .keyRevoked(Governance.Verdict(id: id, reason: reason)))
    }

    private func check(_ owner: Principal.Owner) throws(GovernanceRefusal) {
        if case .tenant(let name) = owner { _ = try tenant(name) }
    }

    private func principal(_ name: String, of owner: Principal.Owner) throws(GovernanceRefusal) -> Principal {
        try check(owner)
        let principals = registry.principals(of: owner)
        guard let principal = principals.first(where: { $0.name == name }) else {
            let nearest = Spelling.nearest(to: name, among: principals.map(\.name))
            throw GovernanceRefusal(
                .unknown, "\(owner.label.quoted) has no principal \(name.quoted)", member: "principal",
                suggestion: nearest.map { "did you mean \($0.quoted)?" })
        }
        return principal
    }
}

extension PrincipalFacts {
    /// What a principal is, as events state it.
    package init(_ principal: Principal) {
        self.init(
            name: principal.name, classes: principal.classes, attributes: principal.attributes,
            summary: principal.summary)
    }
}
