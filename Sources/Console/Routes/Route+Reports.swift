internal import HTTPTypes
internal import Access
internal import Directory
internal import Governance
internal import Journal
internal import Policy
internal import Vocabulary

extension Route {
    private static let excess = Schema.named(
        "Excess",
        .object([
            .required("tenant", .word), .optional("segment", .word), .required("plan", .word),
            .required(
                "parts",
                .list(
                    .object([
                        .required("target", .word),
                        .required("thousandths", .count, "How many times what the plan says, in thousandths."),
                    ]), max: 1_000)),
            .required(
                "grants",
                .list(
                    .object([
                        .required("id", .word), .required("kind", .word), .required("reason", .told),
                        .required("requester", .told), .optional("decider", .told), .optional("until", .moment),
                        .optional("review", .moment), .required("overdue", .flag),
                    ]), max: 1_000)),
            .required("overdue", .flag, "Whether somebody should have looked at one of them again by now."),
        ]))

    /// Reports.
    static let reports: [Route] = [
        Route(
            method: .get, path: "/v1/reports/excess", id: "reportExcess", tag: "reports",
            summary: "Who has more than the plan says, by how much, why, and who has granted it.",
            access: .narrowed(.readTenants),
            query: Parameter.page + [
                Parameter(
                    name: "overdue", schema: .flag, summary: "Only those whose review is overdue, or only the others.")
            ], answer: .json(.page(of: excess)), handle: report),
        Route(
            method: .get, path: "/v1/reports/stale-keys", id: "reportStaleKeys", tag: "reports",
            summary: "Active keys that nobody has used for some days, or ever, as the server that is asked knows.",
            access: .narrowed(.readTenants),
            query: Parameter.page + [
                Parameter(
                    name: "days", schema: .number(1...365),
                    summary: "How many days; 90 unless stated. Younger keys are not stale.")
            ], answer: .json(.page(of: staleKey)), handle: reportStaleKeys),
    ]

    private static let staleKey = Schema.named(
        "StaleKey",
        .object([
            .required("id", .word), .required("owner", .word, "The tenant, or `platform`."),
            .required("principal", .told), .required("created_at", .moment), .optional("expires_at", .moment),
            .optional("label", .told), .optional("last_used_at", .moment, "Not there: never."),
        ]))

    @Sendable
    private static func reportStaleKeys(_ call: Call) async throws -> Reply {
        let book = try call.usage()
        let reach = try call.authority().reach(of: .readTenants)
        let days = call.query["days"].flatMap { Int64($0) } ?? 90
        let since = WallTime(milliseconds: call.now.milliseconds - days * CivilDate.millisecondsPerDay)
        let used = try counted { () throws(JournalError) in try book.store.keys(usedSince: since) }
        let principals = call.desk.governor.read { registry in
            registry.tenants.values.flatMap(\.principals) + registry.platform
        }
        let keys = principals.lazy.filter { principal in
            switch principal.owner {
            case .tenant(let name): reach.covers(.tenant(name))
            case .platform: reach.covers(.platform)
            }
        }.flatMap { principal in principal.keys.lazy.map { (key: $0, principal: principal) } }
        let page = try call.page.select(keys, key: \.key.id) { entry in
            entry.key.created <= since && entry.key.status(at: call.now) == .active && !used.contains(entry.key.id)
        }
        let uses = try counted { () throws(JournalError) in try book.store.lastUses(of: page.elements.map(\.key.id)) }
        return .page(
            page.elements.map { key, principal in
                .record([
                    "id": .string(key.id), "owner": .string(principal.owner.label),
                    "principal": .string(principal.qualifiedName), "created_at": .moment(key.created),
                    "expires_at": .time(key.expires), "label": .text(key.label),
                    "last_used_at": uses[key.id].map { .moment(WallTime(milliseconds: Int64($0) * 60_000)) },
                ])
            }, next: page.next)
    }

    @Sendable
    private static func report(_ call: Call) async throws -> Reply {
        guard let policy = call.desk.governor.policy(at: call.now) else {
            throw Problem(.conflict, "conflict", "no policy is in force, so there is no plan to exceed")
        }
        let reach = try call.authority().reach(of: .readTenants)
        let wanted = call.query["overdue"].map { $0 == "true" }
        let page = try call.page.select(call.registry.tenants.values, key: \.tenant.name) { entry in
            guard !entry.tenant.grants.isEmpty, reach.covers(.tenant(entry.tenant.name)) else { return false }
            let entitlement = Entitlement(of: entry.tenant, at: call.now)
            guard !PlanExcess(of: entitlement, in: policy).parts.isEmpty else { return false }
            return wanted == nil || wanted == isOverdue(entitlement, entry, at: call.now)
        }
        return .page(page.elements.map { json($0, policy, at: call.now) }, next: page.next)
    }

    private static func isOverdue(_ entitlement: Entitlement, _ entry: TenantEntry, at now: WallTime) -> Bool {
        entry.tenant.grants.contains { grant in
            entitlement.grants.contains(grant.id) && grant.review.map { $0 <= now } ?? false
        }
    }

    private static func json(_ entry: TenantEntry, _ policy: Snapshot, at now: WallTime) -> JSONValue {
        let entitlement = Entitlement(of: entry.tenant, at: now)
        let grants = entry.tenant.grants.filter { entitlement.grants.contains($0.id) }
        return .record([
            "tenant": .string(entry.tenant.name), "segment": .text(entry.tenant.segment),
            "plan": .string(entitlement.plan),
            "parts": .array(
                PlanExcess(of: entitlement, in: policy).parts.map { part in
                    ["target": .string(part.target.description), "thousandths": .integer(part.thousandths)]
                }),
            "grants": .array(
                grants.map { grant in
                    let request = entry.requests.first { $0.grant.id == grant.id }
                    return .record([
                        "id": .string(grant.id), "kind": .string(grant.kind.rawValue),
                        "reason": .string(grant.reason), "requester": .string(request?.requester ?? ""),
                        "decider": .text(request?.decider), "until": .time(grant.until), "review": .time(grant.review),
                        "overdue": .flag(grant.review.map { $0 <= now } ?? false),
                    ])
                }),
            "overdue": .flag(isOverdue(entitlement, entry, at: now)),
        ])
    }
}
