internal import Directory
internal import Governance
internal import Policy
internal import Vocabulary

/// Tenants, as the API tells them.
enum TenantView {
    /// What is known of a tenant, as callers state it.
    static let statement: [Schema.Member] = [
        .required("plan", .word, "The plan where no assignment holds."), .optional("segment", .word),
        .optional("contract", .word), .optional("regions", .list(.word, max: 100), "Without it: all."),
        .optional("sandbox", .flag), .optional("suspended", .flag),
    ]

    private static let entitlement = Schema.named(
        "Entitlement",
        .object([
            .required("plan", .word), .required("is_trial", .flag),
            .required("adjustments", .list(GrantView.adjustment, max: 1_000)),
            .required("features", .list(.told, max: 1_000)), .required("grants", .list(.word, max: 1_000)),
            .optional("until", .moment, "When anything of this may be otherwise by itself."),
        ]))

    private static let assignment = Schema.named(
        "Assignment",
        .object([
            .required("plan", .word), .required("from", .moment), .optional("until", .moment),
            .required("trial", .flag),
        ]))

    /// A tenant.
    static let schema = Schema.named(
        "Tenant",
        .object([
            .required("name", .word), .required("plan", .word), .optional("segment", .word),
            .optional("contract", .word), .optional("regions", .list(.word, max: 1_000)), .required("sandbox", .flag),
            .required("suspended", .flag), .required("version", .count), .required("created_at", .moment),
            .required("assignments", .list(assignment, max: 100_000)), .required("entitlement", entitlement),
        ]))

    /// What a body states.
    static func facts(_ body: Body) throws(Problem) -> TenantFacts {
        TenantFacts(
            plan: try body.text("plan"), segment: body.optionalText("segment"), contract: body.optionalText("contract"),
            regions: body.texts("regions"), sandbox: body.flag("sandbox"), suspended: body.flag("suspended"))
    }

    /// The form of a tenant.
    static func json(_ entry: TenantEntry, at now: WallTime) -> JSONValue {
        let facts = entry.facts
        return .record([
            "name": .string(entry.tenant.name), "plan": .string(facts.plan), "segment": .text(facts.segment),
            "contract": .text(facts.contract), "regions": facts.regions.map { .strings($0) },
            "sandbox": .flag(facts.sandbox), "suspended": .flag(facts.suspended), "version": .integer(entry.version),
            "created_at": .moment(entry.created),
            "assignments": .array(
                entry.tenant.assignments.map { assignment in
                    .record([
                        "plan": .string(assignment.plan), "from": .moment(assignment.from),
                        "until": .time(assignment.until), "trial": .flag(assignment.isTrial),
                    ])
                }),
            "entitlement": json(Entitlement(of: entry.tenant, at: now)),
        ])
    }

    private static func json(_ entitlement: Entitlement) -> JSONValue {
        .record([
            "plan": .string(entitlement.plan), "is_trial": .flag(entitlement.isTrial),
            "adjustments": .array(entitlement.adjustments.map { GrantView.json(AdjustmentFacts($0)) }),
            "features": .strings(entitlement.features), "grants": .strings(entitlement.grants),
            "until": .time(entitlement.until),
        ])
    }
}
