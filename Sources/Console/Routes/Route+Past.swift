internal import Access
internal import Directory
internal import Governance
internal import HTTPTypes
internal import Ledger
internal import Policy
internal import Vocabulary

extension Route {
    private static let at = Parameter(
        name: "at", schema: .moment, summary: "The moment; without it, now. One that is to come is answered as now.")

    /// What held in the past.
    static let past: [Route] = [
        Route(
            method: .get, path: "/v1/past", id: "tellPast", tag: "audit",
            summary: "The policy and what tenants were entitled to at a moment. That somebody has looked is recorded.",
            access: .platform(.readAudit), query: Parameter.page + [at], answer: .json(PastView.all)
        ) { call in
            let past = try await look(call)
            let policy = try governed { () throws(GovernanceError) in try past.policy() }
            // Tenants are never gone, so those of today are those of then and some more.
            let page = try call.page.select(call.registry.tenants.values, key: \.tenant.name) { _ in true }
            let tenants = try page.elements.compactMap { entry in
                try governed { () throws(GovernanceError) in try past.tenant(entry.tenant.name) }
            }
            return .json(
                past.json.adding([
                    "policy": policy?.json, "items": .array(tenants.map(\.summary)),
                    "next_cursor": page.next.map { .string(Page.cursor($0)) },
                ]))
        },
        Route(
            method: .get, path: "/v1/tenants/{tenant}/entitlement", id: "tellPastEntitlement", tag: "audit",
            summary: "What a tenant was entitled to at a moment, who asked for it, who approved, and in which records.",
            access: .platform(.readAudit), query: [at], answer: .json(PastView.one)
        ) { call in
            let name = try call.parameter("tenant")
            let past = try await look(call)
            let found = try governed { () throws(GovernanceError) in try past.tenant(name) }
            guard let tenant = found else {
                throw Problem.unknown("there was no tenant \(name.quoted) at that moment", "tenant")
            }
            let policy = try governed { () throws(GovernanceError) in try past.policy() }
            return .json(
                past.json.adding(["policy": policy?.json, "tenant": tenant.json(under: policy?.snapshot)]))
        },
    ]

    /// Records that somebody looks, and then looks.
    private static func look(_ call: Call) async throws -> Past {
        let moment = call.query["at"].flatMap(Timestamp.moment) ?? call.now
        var filter = ["at": Timestamp.text(moment)]
        filter["tenant"] = call.parameters["tenant"]
        try await call.execute(.readAudit(AuditFacts(what: "past", filter: filter)))
        return try recorded { () throws(LedgerError) in try Past(call.desk.ledger.store, at: min(moment, call.now)) }
    }
}
