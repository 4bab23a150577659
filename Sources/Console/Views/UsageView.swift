internal import Directory
internal import Governance
internal import Journal
internal import Policy
internal import Vocabulary

/// What tenants use, as the API tells it.
enum UsageView {
    private static let counts: [Schema.Member] = [
        .required("admitted", .count, "Requests that went on."),
        .required("replayed", .count, "Requests that got the answer of an earlier one."),
        .required("refused", .count, "Requests that were turned away."),
        .required("cost", .sum, "Cost units of those that went on."),
        .required("bytes_in", .sum, "Bytes of the bodies of requests."),
        .required("bytes_out", .sum, "Bytes of the bodies of answers."),
    ]

    /// A row; parts that are not told apart, or that nobody knows, are not there.
    static let schema = Schema.named(
        "Usage",
        .object(
            [
                .optional("tenant", .told, "Without it: callers whom nobody knows."),
                .optional("period", .told, "`2026-11-27` or `2026-11`."), .optional("principal", .told),
                .optional("class", .told), .optional("operation", .told),
            ] + counts))

    /// A quota, and what of it is used.
    static let quota = Schema.named(
        "Quota",
        .object([
            .required("unit", .choice(QuotaUnit.allCases.map(\.name))),
            .required("period", .choice(CalendarPeriod.allCases.map(\.name))), .required("limit", .sum),
            .required("used", .sum), .required("remaining", .sum), .required("resets_at", .moment),
        ]))

    /// A warning.
    static let warning = Schema.named(
        "QuotaWarning",
        .object([
            .required("sequence", .count, "The record of the ledger that says it."), .required("time", .moment),
            .required("tenant", .told), .required("unit", .told), .required("period", .told),
            .required("begins", .told, "The first date of the period."), .required("share", .told, "`80%`."),
            .required("used", .sum), .required("limit", .sum),
        ]))

    /// The form of a row.
    static func json(_ row: ConsumptionRow) -> JSONValue {
        func name(_ text: String) -> JSONValue? { text.isEmpty ? nil : .string(text) }
        let count = row.count
        return .record([
            "tenant": name(row.place.tenant), "period": name(row.place.period), "principal": name(row.place.principal),
            "class": name(row.place.trafficClass), "operation": name(row.place.operation),
            "admitted": .integer(count.admitted), "replayed": .integer(count.replayed),
            "refused": .integer(count.refused), "cost": .integer(count.cost), "bytes_in": .integer(count.bytesIn),
            "bytes_out": .integer(count.bytesOut),
        ])
    }

    /// The form of a quota.
    static func json(_ quota: QuotaStanding.Quota) -> JSONValue {
        [
            "unit": .string(quota.unit.name), "period": .string(quota.period.name), "limit": .integer(quota.amount),
            "used": .integer(quota.used), "remaining": .integer(max(0, quota.amount - quota.used)),
            "resets_at": .moment(quota.resets),
        ]
    }

    /// The form of a warning.
    static func json(_ sequence: Int64, _ time: WallTime, _ tenant: String, _ facts: QuotaWarningFacts) -> JSONValue {
        [
            "sequence": .integer(sequence), "time": .moment(time), "tenant": .string(tenant),
            "unit": .string(facts.unit), "period": .string(facts.period), "begins": .string(facts.begins),
            "share": .string(facts.share), "used": .integer(facts.used), "limit": .integer(facts.amount),
        ]
    }
}
