internal import Access
internal import Directory
internal import Governance
internal import HTTPTypes
internal import Policy
internal import Vocabulary

extension Route {
    private static let verdict: Schema = .object([.optional("reason", .reason)])

    /// Overrides and exemptions.
    static let grants: [Route] = [
        Route(
            method: .get, path: "/v1/tenants/{tenant}/grants", id: "listGrants", tag: "grants",
            summary: "What a tenant has or was to have beside its plan.", access: .tenant(.readTenants),
            query: Parameter.page + [
                Parameter(name: "state", schema: .choice(["open", "approved", "rejected"]), summary: "In this state.")
            ], answer: .json(.page(of: GrantView.schema)), handle: list),
        Route(
            method: .post, path: "/v1/tenants/{tenant}/grants", id: "proposeGrant", tag: "grants",
            summary: "Ask for an override or an exemption.", access: .tenant(.proposeExemptions),
            body: .object([
                .optional("id", .text(1...64), "Without it, one is drawn."),
                .required("kind", .choice(Grant.Kind.allCases.map(\.rawValue))),
                .optional("adjustments", .list(GrantView.adjustment, max: 100)),
                .optional("features", .list(.word, max: 100)), .optional("from", .moment, "Without it: now."),
                .optional("until", .moment), .required("reason", .reason), .optional("review", .moment),
            ]), answer: .json(GrantView.schema, .created), precondition: .honoured, handle: propose),
        Route(
            method: .get, path: "/v1/tenants/{tenant}/grants/{grant}", id: "getGrant", tag: "grants",
            summary: "One of them.", access: .tenant(.readTenants), answer: .json(GrantView.schema)
        ) { call in try tell(call) },
        Route(
            method: .post, path: "/v1/tenants/{tenant}/grants/{grant}/approval", id: "approveGrant", tag: "grants",
            summary: "Approve what somebody else asks for.", access: .tenant(.approveExemptions), body: verdict,
            answer: .json(GrantView.schema), precondition: .honoured
        ) { call in try await decide(call, isApproved: true) },
        Route(
            method: .post, path: "/v1/tenants/{tenant}/grants/{grant}/rejection", id: "rejectGrant", tag: "grants",
            summary: "Refuse it, with a reason.", access: .tenant(.approveExemptions),
            body: .object([.required("reason", .reason)]), answer: .json(GrantView.schema), precondition: .honoured
        ) { call in try await decide(call, isApproved: false) },
        Route(
            method: .post, path: "/v1/tenants/{tenant}/grants/{grant}/withdrawal", id: "withdrawGrant", tag: "grants",
            summary: "Take back what the caller has asked for, before it is decided.",
            access: .tenant(.proposeExemptions), body: verdict, answer: .json(GrantView.schema),
            precondition: .honoured
        ) { call in
            try await call.execute(
                .withdrawGrant(
                    tenant: call.parameter("tenant"),
                    Verdict(id: call.parameter("grant"), reason: call.body.optionalText("reason"))))
            return try tell(call)
        },
        Route(
            method: .post, path: "/v1/tenants/{tenant}/grants/{grant}/end", id: "endGrant", tag: "grants",
            summary: "End it, now or at a moment that is earlier than it said.", access: .tenant(.approveExemptions),
            body: .object([.optional("at", .moment, "Without it: now."), .required("reason", .reason)]),
            answer: .json(GrantView.schema), precondition: .honoured
        ) { call in
            let ending = Ending(
                id: try call.parameter("grant"), at: try call.momentOrNow("at"),
                reason: call.body.optionalText("reason"))
            try await call.execute(.endGrant(tenant: call.parameter("tenant"), ending))
            return try tell(call)
        },
    ]

    @Sendable
    private static func list(_ call: Call) async throws -> Reply {
        let entry = try call.tenant(try call.parameter("tenant"))
        let state = call.query["state"]
        let page = try call.page.select(entry.requests, key: \.grant.id) { state == nil || $0.state.rawValue == state }
        return .page(
            page.elements.map { GrantView.json($0, of: entry, at: EventTime(call.now)) }, next: page.next)
    }

    @Sendable
    private static func propose(_ call: Call) async throws -> Reply {
        var generator = SystemRandomNumberGenerator()
        let drawn = "g_" + String(decoding: Crockford.random(count: 8, using: &generator), as: UTF8.self)
        let id = call.body.optionalText("id") ?? drawn
        let facts = GrantFacts(
            id: id, kind: try call.body.text("kind"),
            adjustments: call.body.objects("adjustments").map { body in
                AdjustmentFacts(
                    target: body.optionalText("target") ?? "", factor: body.number("factor"),
                    rate: body.number("rate"), period: body.number("period"), burst: body.number("burst"),
                    amount: body.number("amount"))
            }, features: call.body.texts("features") ?? [], from: try call.momentOrNow("from"),
            until: call.moment("until"), reason: try call.body.text("reason"), review: call.moment("review"))
        try await call.execute(.proposeGrant(tenant: call.parameter("tenant"), facts))
        return try tell(call, id: id, .created)
    }

    private static func decide(_ call: Call, isApproved: Bool) async throws -> Reply {
        try await call.execute(
            .decideGrant(
                tenant: call.parameter("tenant"), id: call.parameter("grant"), isApproved: isApproved,
                reason: call.body.optionalText("reason")))
        return try tell(call)
    }

    private static func tell(
        _ call: Call, id: String? = nil, _ status: HTTPResponse.Status = .ok
    ) throws(Problem) -> Reply {
        let entry = try call.tenant(try call.parameter("tenant"))
        let id = if let id { id } else { try call.parameter("grant") }
        guard let request = entry.requests.first(where: { $0.grant.id == id }) else {
            throw .unknown("\(entry.tenant.name.quoted) has no grant \(id.quoted)", "grant")
        }
        return .json(
            GrantView.json(request, of: entry, at: EventTime(call.now)), status, version: entry.version)
    }
}
