/// What held in the past, as the API tells it; the form is governance's (`Past+JSON.swift`).
enum PastView {
    private static let mark = Schema.named(
        "RecordMark",
        .object([
            .required("record", .count), .required("time", .moment),
            .optional("actor", .told, "Who did it; missing once the record is erased."),
        ]))

    private static let policy = Schema.named(
        "PastPolicy",
        .object([
            .required("id", .word), .required("version", .word), .required("reason", .told),
            .optional("expires", .moment), .optional("scheduled_for", .moment), .required("proposed", mark),
            .optional("approved", mark), .optional("scheduled", mark), .optional("published", mark),
        ]))

    private static let change = Schema.named(
        "PastAdjustment",
        .object([
            .required("target", .word), .required("change", .word, "`×2`, `500/s burst 1000` or an allowance."),
        ]))

    private static let summary: [Schema.Member] = [
        .required("tenant", .word), .required("plan", .word), .required("is_trial", .flag),
        .required("suspended", .flag), .required("adjustments", .list(change, max: 1_000)),
        .required("grants", .list(.word, max: 1_000), "Those that held."),
        .required("features", .list(.told, max: 1_000)),
    ]

    private static let assignment = Schema.object([
        .required("plan", .word), .required("from", .moment), .optional("until", .moment), .required("trial", .flag),
        .required("assigned", mark),
    ])

    private static let request = Schema.named(
        "PastGrant",
        .object([
            .required("id", .word), .required("kind", .word), .required("state", .word), .required("holds", .flag),
            .required("adjustments", .list(change, max: 1_000)), .required("features", .list(.told, max: 1_000)),
            .required("from", .moment), .optional("until", .moment), .required("reason", .told),
            .required("requested", mark), .optional("decided", mark), .optional("ended", mark),
        ]))

    private static let limits = Schema.named(
        "PlanLimits",
        .object([
            .required("plan", .told),
            .required(
                "budgets",
                .list(
                    .object([
                        .required("name", .told, "`tenant`, `class/NAME` or `operation/NAME`."),
                        .optional("rate", .word), .optional("burst", .count), .optional("ceiling", .word),
                    ]), max: 10_000)),
            .required(
                "quotas",
                .list(
                    .object([.required("unit", .word), .required("period", .word), .required("amount", .count)]),
                    max: 1_000)),
            .required("features", .list(.told, max: 1_000)),
        ]))

    private static let whole = Schema.named(
        "PastTenant",
        .object(
            summary + [
                .required("version", .count), .optional("until", .moment), .optional("segment", .word),
                .optional("contract", .word), .optional("regions", .list(.word, max: 1_000)),
                .required("sandbox", .flag), .required("created", mark), .required("stated", mark),
                .required("assignments", .list(assignment, max: 100_000)),
                .required("requests", .list(request, max: 100_000)),
                .required("erased_records", .count, "What those said is missing here."),
                .optional("limits", limits, "The numbers, where the policy stands in the ledger."),
            ]))

    private static let extent: [Schema.Member] = [
        .required("at", .moment), .required("records", .count, "How many there were."), .required("of", .count),
        .required("root", .word, "The root of the tree over them, in hexadecimal digits."),
        .optional("policy", policy),
    ]

    /// All tenants, page by page.
    static let all = Schema.object(
        extent + [
            .required("items", .list(.named("PastTenantSummary", .object(summary)), max: Page.limitMax)),
            .optional("next_cursor", .told, "Where the next page begins; without it this was the last."),
        ])

    /// One tenant.
    static let one = Schema.object(extent + [.required("tenant", whole)])
}
