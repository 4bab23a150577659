internal import Directory
internal import Governance
internal import Policy
internal import Vocabulary

/// Compares what is with what a file says.
struct ApplyPlanner {
    /// What came of it so far.
    private(set) var plan = ApplyPlan()
    private let api: ControlAPI
    private let prunes: Bool
    private let now: WallTime

    /// The calls that are made to look, and that plans are made of.
    static let calls =
        ["currentPolicy", "listPolicies", "proposePolicy", "getTenant", "createTenant", "replaceTenant"]
        + ["listGrants", "proposeGrant", "endGrant", "getPrincipalOfPlatform"]
        + OwnerName.calls("listPrincipals", "statePrincipal", "removePrincipal")

    /// Prepares to look.
    ///
    /// - Parameters:
    ///   - api: where to look.
    ///   - prunes: whether what the file does not name is taken away.
    ///   - now: the time.
    init(_ api: ControlAPI, prunes: Bool, now: WallTime) {
        self.api = api
        self.prunes = prunes
        self.now = now
    }

    /// Looks at everything that a file names.
    mutating func compare(_ document: ApplyDocument) async throws {
        for tenant in document.tenants { try await compare(tenant) }
        guard let wanted = document.platform else { return }
        var present = try await api.all("listPrincipalsOfPlatform")
        if let name = present.first?["name"]?.text {
            // The tag comes first: what changes after it was read is then noticed.
            plan.tags["platform"] = try await api.call("getPrincipalOfPlatform", ["principal": name]).tag
            present = try await api.all("listPrincipalsOfPlatform")
        }
        compare(wanted, with: present, of: "platform")
    }

    /// Looks whether a policy is in force, or on its way.
    ///
    /// - Parameters:
    ///   - policy: the compiled policy.
    ///   - files: its documents.
    ///   - reason: why it is proposed, if it is.
    /// - Throws: `ControlFailure`, or why the server does not answer.
    mutating func compare(_ policy: Snapshot, _ files: [SourceFile], reason: String) async throws {
        let version = policy.version.description
        var present: String?
        do {
            present = try await api.call("currentPolicy").value["version"]?.text
        } catch let failure as ControlFailure where failure.problem.status == 404 {
            // None that was proposed is in force.
        }
        guard present != version else { return }
        let proposals = try await api.all("listPolicies").filter { $0["version"]?.text == version }
        let waiting = proposals.last { ["open", "approved", "scheduled"].contains($0["state"]?.text) }
        if let waiting, let id = waiting["id"]?.text {
            switch waiting["state"]?.text {
            case "open": plan.notes.append("the policy was proposed as \(id) and waits for somebody else's approval")
            case "approved":
                plan.notes.append(
                    "the policy was approved as \(id); 'headgate policy publish \(id)' puts it into force")
            default:
                plan.notes.append("the policy comes into force as \(id) at \(waiting["scheduled_for"]?.text ?? "")")
            }
            return
        }
        plan.steps.append(
            ApplyPlan.Step(
                kind: .propose, subject: "policy \(policy.name)",
                members: [.init(name: "version", from: present, to: version)], scope: "policy", call: "proposePolicy",
                parameters: [:], body: ["documents": PolicyCommand.documents(files), "reason": .string(reason)]))
        plan.notes.append("a policy is in force once somebody else has approved it and it is published")
    }

    private mutating func compare(_ tenant: ApplyDocument.Tenant) async throws {
        let parameters = ["tenant": tenant.name]
        let present: ControlAPI.Answer?
        do {
            present = try await api.call("getTenant", parameters)
        } catch let failure as ControlFailure where failure.problem.status == 404 {
            present = nil
        }
        guard let present else {
            plan.steps.append(ApplyPlan.Step.create(tenant))
            compare(tenant.principals ?? [], with: [], of: tenant.name)
            compare(tenant.grants ?? [], with: [], of: tenant.name)
            return
        }
        plan.tags[tenant.name] = present.tag
        if let step = ApplyPlan.Step.change(tenant, from: present.value) { plan.steps.append(step) }
        let effective = present.value["entitlement"]?["plan"]?.text
        if let effective, effective != tenant.facts.plan, present.value["plan"]?.text == tenant.facts.plan {
            plan.notes.append(
                "tenant \(tenant.name) has the plan \(effective) now, which was assigned to it beside the file")
        }
        if let principals = tenant.principals {
            compare(principals, with: try await api.all("listPrincipalsOfTenant", parameters), of: tenant.name)
        }
        if let grants = tenant.grants {
            compare(grants, with: try await api.all("listGrants", parameters), of: tenant.name)
        }
    }

    private mutating func compare(_ wanted: [PrincipalFacts], with present: [Policy.JSONValue], of owner: String) {
        for principal in wanted {
            let before = present.first { $0["name"]?.text == principal.name }
            if let step = ApplyPlan.Step.state(principal, of: owner, over: before) { plan.steps.append(step) }
        }
        for principal in present {
            guard let name = principal["name"]?.text, !wanted.contains(where: { $0.name == name }) else { continue }
            if prunes {
                plan.steps.append(ApplyPlan.Step.remove(principal, name, of: owner))
            } else {
                plan.notes.append("principal \(owner)/\(name) is not in the file; --prune removes it")
            }
        }
    }

    private mutating func compare(_ wanted: [ApplyDocument.Grant], with present: [Policy.JSONValue], of tenant: String)
    {
        for grant in wanted {
            if let before = present.first(where: { $0["id"]?.text == grant.facts.id }) {
                compare(grant, with: before, of: tenant)
            } else if let until = grant.facts.until, until.moment <= now {
                plan.notes.append("\(grant.facts.kind) \(tenant)/\(grant.facts.id) would be over already")
            } else {
                plan.steps.append(ApplyPlan.Step.propose(grant, of: tenant))
                plan.notes.append(
                    "\(grant.facts.kind) \(tenant)/\(grant.facts.id) holds once somebody else approves it")
            }
        }
        for grant in present {
            guard let id = grant["id"]?.text, !wanted.contains(where: { $0.facts.id == id }) else { continue }
            let until = grant["until"]?.text.flatMap(Timestamp.moment)
            let kind = grant["kind"]?.text ?? "grant"
            switch grant["state"]?.text {
            case "approved" where until.map({ $0 > now }) ?? true:
                if prunes {
                    plan.steps.append(ApplyPlan.Step.end(kind, id, of: tenant))
                } else {
                    plan.notes.append("\(kind) \(tenant)/\(id) is not in the file; --prune ends it")
                }
            case "open": plan.notes.append("\(kind) \(tenant)/\(id) waits for approval, and is not in the file")
            default: break
            }
        }
    }

    private mutating func compare(
        _ grant: ApplyDocument.Grant, with present: Policy.JSONValue, of tenant: String
    ) {
        let name = "\(grant.facts.kind) \(tenant)/\(grant.facts.id)"
        let terms = GrantTerms(grant)
        var before = GrantTerms(present)
        if !grant.statesBeginning { before.from = terms.from }
        let state = present["state"]?.text
        if state == "approved", let end = before.until, terms.until.map({ end < $0 }) ?? true {
            plan.notes.append("\(name) was ended at \(Timestamp.text(end)); give it another name to ask for it again")
            return
        }
        guard terms == before else {
            plan.obstacles.append(
                "\(name) is there with other terms, and terms are never changed: give the new ones another name"
                    + (state == "approved" ? ", and end this one" : ""))
            return
        }
        switch state {
        case "open": plan.notes.append("\(name) waits for somebody else's approval")
        case "rejected":
            plan.notes.append("\(name) was rejected; give it another name to ask for it again")
        default: break
        }
    }
}

/// What a grant gives, in a form in which two can be compared.
private struct GrantTerms: Equatable {
    let kind: String
    let adjustments: Set<String>
    let features: Set<String>
    var from: WallTime?
    let until: WallTime?
    let review: WallTime?

    /// Those of a file.
    init(_ grant: ApplyDocument.Grant) {
        kind = grant.facts.kind
        adjustments = Set(grant.facts.adjustments.compactMap(\.adjustment?.description))
        features = Set(grant.facts.features)
        from = grant.facts.from.moment
        until = grant.facts.until?.moment
        review = grant.facts.review?.moment
    }

    /// Those that the control API tells.
    init(_ grant: Policy.JSONValue) {
        func moment(_ name: String) -> WallTime? { grant[name]?.text.flatMap(Timestamp.moment) }
        kind = grant["kind"]?.text ?? ""
        adjustments = Set(grant["adjustments"]?.items.compactMap { AdjustmentText.read($0)?.description } ?? [])
        features = Set(grant["features"]?.texts ?? [])
        from = moment("from")
        until = moment("until")
        review = moment("review")
    }
}
