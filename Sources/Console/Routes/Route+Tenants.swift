internal import Access
internal import Directory
internal import Governance
internal import HTTPTypes
internal import Policy
internal import Vocabulary

extension Route {
    /// Tenants and their plans.
    static let tenants: [Route] = [
        Route(
            method: .get, path: "/v1/tenants", id: "listTenants", tag: "tenants",
            summary: "Tenants by name, of those that the caller may see.", access: .narrowed(.readTenants),
            query: Parameter.page + [
                Parameter(name: "plan", schema: .word, summary: "Of those whose plan this is now."),
                Parameter(name: "segment", schema: .word, summary: "Of this segment."),
                Parameter(name: "text", schema: .word, summary: "With this in the name, in any case."),
            ], answer: .json(.page(of: TenantView.schema)), handle: list),
        Route(
            method: .post, path: "/v1/tenants", id: "createTenant", tag: "tenants", summary: "Make a tenant.",
            access: .platform(.writeTenants),
            body: .object([.required("name", .text(1...DirectoryName.lengthMax))] + TenantView.statement),
            answer: .json(TenantView.schema, .created)
        ) { call in
            let name = try call.body.text("name")
            try await call.execute(.createTenant(name, TenantView.facts(call.body)))
            return try tell(name, call, .created)
        },
        Route(
            method: .get, path: "/v1/tenants/{tenant}", id: "getTenant", tag: "tenants",
            summary: "A tenant, with what holds for it now.", access: .tenant(.readTenants),
            answer: .json(TenantView.schema)
        ) { call in try tell(try call.parameter("tenant"), call) },
        Route(
            method: .put, path: "/v1/tenants/{tenant}", id: "replaceTenant", tag: "tenants",
            summary: "State what a tenant is from now on.", access: .tenant(.writeTenants),
            body: .object(TenantView.statement), answer: .json(TenantView.schema), precondition: .required
        ) { call in
            let name = try call.parameter("tenant")
            try call.requireVersion(replacing: call.desk.governor.read { $0.tenants[name] != nil })
            try await call.execute(.changeTenant(name, TenantView.facts(call.body)))
            return try tell(name, call)
        },
        Route(
            method: .post, path: "/v1/tenants/{tenant}/assignments", id: "assignPlan", tag: "tenants",
            summary: "Give a tenant a plan, now, later or for a time.", access: .tenant(.assignPlans),
            body: .object([
                .required("plan", .word), .optional("from", .moment, "Without it: now."),
                .optional("until", .moment), .optional("trial", .flag), .optional("reason", .reason),
            ]), answer: .json(TenantView.schema, .created), precondition: .honoured
        ) { call in
            let name = try call.parameter("tenant")
            try await call.execute(
                .assignPlan(
                    tenant: name,
                    AssignmentFacts(
                        plan: call.body.text("plan"), from: call.momentOrNow("from"),
                        until: call.moment("until"), trial: call.body.flag("trial"),
                        reason: call.body.optionalText("reason"))))
            return try tell(name, call, .created)
        },
    ]

    @Sendable
    private static func list(_ call: Call) async throws -> Reply {
        let reach = try call.authority().reach(of: .readTenants)
        let (plan, segment) = (call.query["plan"], call.query["segment"])
        let text = call.query["text"]?.lowercased()
        let page = try call.page.select(call.registry.tenants.values, key: \.tenant.name) { entry in
            reach.covers(.tenant(entry.tenant.name)) && (segment == nil || entry.tenant.segment == segment)
                && (text.map { entry.tenant.name.lowercased().contains($0) } ?? true)
                && (plan == nil || Entitlement(of: entry.tenant, at: call.now).plan == plan)
        }
        return .page(page.elements.map { TenantView.json($0, at: call.now) }, next: page.next)
    }

    private static func tell(
        _ name: String, _ call: Call, _ status: HTTPResponse.Status = .ok
    ) throws(Problem) -> Reply {
        let entry = try call.tenant(name)
        return .json(TenantView.json(entry, at: call.now), status, version: entry.version)
    }
}

extension Call {
    /// A tenant that there is.
    func tenant(_ name: String) throws(Problem) -> TenantEntry {
        guard let entry = desk.governor.read({ $0.tenants[name] }) else {
            throw .unknown("there is no tenant \(name.quoted)", "tenant")
        }
        return entry
    }
}
