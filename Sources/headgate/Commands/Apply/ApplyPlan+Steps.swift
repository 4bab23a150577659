internal import Directory
internal import Governance
internal import Policy

/// The changes that a plan is made of.
extension ApplyPlan.Step {
    /// A tenant that is not there.
    static func create(_ tenant: ApplyDocument.Tenant) -> ApplyPlan.Step {
        let none = TenantFacts(plan: "")
        let name = Policy.JSONValue.Member("name", .string(tenant.name))
        return ApplyPlan.Step(
            kind: .create, subject: "tenant \(tenant.name)",
            members: tenant.facts.differences(from: none).map { .init(name: $0.name, from: nil, to: $0.to) },
            scope: tenant.name, call: "createTenant", parameters: [:], body: .object([name] + tenant.facts.members))
    }

    /// A tenant that is something else; `nil`: it is as it is to be.
    static func change(_ tenant: ApplyDocument.Tenant, from present: Policy.JSONValue) -> ApplyPlan.Step? {
        let differences = tenant.facts.differences(from: TenantFacts(telling: present))
        guard !differences.isEmpty else { return nil }
        return ApplyPlan.Step(
            kind: .change, subject: "tenant \(tenant.name)", members: differences, scope: tenant.name,
            call: "replaceTenant", parameters: ["tenant": tenant.name], body: .object(tenant.facts.members))
    }

    /// A principal that is not there or is something else; `nil`: it is as it is to be.
    static func state(
        _ principal: PrincipalFacts, of owner: String, over present: Policy.JSONValue?
    ) -> ApplyPlan.Step? {
        func joined(_ names: [String]?) -> String? { names.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") } }
        let members = ApplyPlan.Step.Member.differences([
            ("classes", joined(present?["classes"]?.texts), joined(principal.classes)),
            ("attributes", joined(present?["attributes"]?.texts.sorted()), joined(principal.attributes.sorted())),
            ("description", present?["summary"]?.text, principal.summary),
        ])
        guard present == nil || !members.isEmpty else { return nil }
        let path = PrincipalReference(owner, principal.name)
        return ApplyPlan.Step(
            kind: present == nil ? .create : .change, subject: "principal \(owner)/\(principal.name)",
            members: members, scope: owner, call: path.call("statePrincipal"), parameters: path.parameters,
            body: .record([
                "classes": .strings(principal.classes), "attributes": .strings(principal.attributes),
                "summary": principal.summary.map { .string($0) },
            ]))
    }

    /// A principal that is not to be.
    static func remove(_ present: Policy.JSONValue, _ name: String, of owner: String) -> ApplyPlan.Step {
        let path = PrincipalReference(owner, name)
        let keys = present["keys"]?.items.filter { $0["status"]?.text == "active" }.compactMap { $0["id"]?.text } ?? []
        return ApplyPlan.Step(
            kind: .remove, subject: "principal \(owner)/\(name)",
            members: keys.isEmpty ? [] : [.init(name: "keys", from: keys.joined(separator: ", "), to: nil)],
            scope: owner, call: path.call("removePrincipal"), parameters: path.parameters, body: nil)
    }

    /// An exemption or override that nobody has asked for yet.
    static func propose(_ grant: ApplyDocument.Grant, of tenant: String) -> ApplyPlan.Step {
        let facts = grant.facts
        let adjustments = facts.adjustments.compactMap(\.adjustment)
        let from = grant.statesBeginning ? Timestamp.text(facts.from.moment) : nil
        let (until, review) = (
            facts.until.map { Timestamp.text($0.moment) }, facts.review.map { Timestamp.text($0.moment) }
        )
        return ApplyPlan.Step(
            kind: .propose, subject: "\(facts.kind) \(tenant)/\(facts.id)",
            members: ApplyPlan.Step.Member.differences([
                ("adjust", nil, adjustments.isEmpty ? nil : adjustments.map(\.description).joined(separator: ", ")),
                ("features", nil, facts.features.isEmpty ? nil : facts.features.joined(separator: ", ")),
                ("from", nil, from), ("until", nil, until), ("review", nil, review), ("reason", nil, facts.reason),
            ]), scope: tenant, call: "proposeGrant", parameters: ["tenant": tenant],
            body: .record([
                "id": .string(facts.id), "kind": .string(facts.kind),
                "adjustments": .array(adjustments.map(AdjustmentText.json)), "features": .strings(facts.features),
                "from": from.map { .string($0) }, "until": until.map { .string($0) }, "reason": .string(facts.reason),
                "review": review.map { .string($0) },
            ]))
    }

    /// An exemption or override that is not to hold any more.
    static func end(_ kind: String, _ id: String, of tenant: String) -> ApplyPlan.Step {
        ApplyPlan.Step(
            kind: .end, subject: "\(kind) \(tenant)/\(id)", members: [], scope: tenant, call: "endGrant",
            parameters: ["tenant": tenant, "grant": id], body: ["reason": "it is not in the applied file any more"])
    }
}

/// Whose principal, and which: one that there is, so it is not checked again.
private struct PrincipalReference {
    private let owner: String
    private let name: String

    init(_ owner: String, _ name: String) {
        self.owner = owner
        self.name = name
    }

    var parameters: [String: String] {
        owner == "platform" ? ["principal": name] : ["tenant": owner, "principal": name]
    }

    func call(_ id: String) -> String { id + (owner == "platform" ? "OfPlatform" : "OfTenant") }
}

extension TenantFacts {
    /// What the control API tells.
    fileprivate init(telling value: Policy.JSONValue) {
        self.init(
            plan: value["plan"]?.text ?? "", segment: value["segment"]?.text, contract: value["contract"]?.text,
            regions: value["regions"]?.texts, sandbox: value["sandbox"]?.truth ?? false,
            suspended: value["suspended"]?.truth ?? false)
    }

    /// The form of the control API.
    fileprivate var members: [Policy.JSONValue.Member] {
        let members: [(String, Policy.JSONValue?)] = [
            ("plan", .string(plan)), ("segment", segment.map { .string($0) }),
            ("contract", contract.map { .string($0) }), ("regions", regions.map { .strings($0) }),
            ("sandbox", .flag(sandbox)), ("suspended", .flag(suspended)),
        ]
        return members.compactMap { name, value in value.map { Policy.JSONValue.Member(name, $0) } }
    }

    /// What is other than before.
    fileprivate func differences(from before: TenantFacts) -> [ApplyPlan.Step.Member] {
        func regions(_ facts: TenantFacts) -> String {
            facts.regions.map { $0.sorted().joined(separator: ", ") } ?? "all"
        }
        return ApplyPlan.Step.Member.differences([
            ("plan", before.plan, plan), ("segment", before.segment, segment), ("contract", before.contract, contract),
            ("regions", regions(before), regions(self)), ("sandbox", "\(before.sandbox)", "\(sandbox)"),
            ("suspended", "\(before.suspended)", "\(suspended)"),
        ])
    }
}
