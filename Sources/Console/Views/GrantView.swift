internal import Directory
internal import Governance
internal import Policy

/// Grants, as the API tells them.
enum GrantView {
    /// One deviation.
    static let adjustment = Schema.named(
        "Adjustment",
        .object([
            .required("target", .text(1...300), "`tenant`, `class/NAME`, `operation/NAME` or `quota/UNIT/PERIOD`."),
            .optional("factor", .number(1...Adjustment.factorMax), "Thousandths: 2,000 doubles."),
            .optional("rate", .number(1...Int64(1) << 53), "Cost units in `period`."),
            .optional("period", .number(1...86_400_000_000_000), "Nanoseconds."),
            .optional("burst", .number(1...Int64(1) << 53)),
            .optional("amount", .number(1...Int64(1) << 53), "The allowance of a quota."),
        ]))

    /// A grant and what became of it.
    static let schema = Schema.named(
        "Grant",
        .object([
            .required("id", .word), .required("kind", .choice(Grant.Kind.allCases.map(\.rawValue))),
            .required("state", .choice(["open", "approved", "rejected"])), .required("holds", .flag),
            .required("adjustments", .list(adjustment, max: 1_000)), .required("features", .list(.told, max: 1_000)),
            .required("from", .moment), .optional("until", .moment), .required("reason", .told),
            .optional("review", .moment), .required("requester", .told), .required("proposed_at", .moment),
            .optional("decider", .told),
        ]))

    /// The form of an adjustment.
    static func json(_ facts: AdjustmentFacts) -> JSONValue {
        .record([
            "target": .string(facts.target), "factor": .number(facts.factor), "rate": .number(facts.rate),
            "period": .number(facts.period), "burst": .number(facts.burst), "amount": .number(facts.amount),
        ])
    }

    /// The form of a grant.
    static func json(_ request: GrantRequest, of entry: TenantEntry, at now: EventTime) -> JSONValue {
        // What was approved may have been ended since, which the tenant knows and the wish does not.
        let grant = entry.tenant.grants.first { $0.id == request.grant.id } ?? request.grant
        let facts = GrantFacts(grant)
        return .record([
            "id": .string(facts.id), "kind": .string(facts.kind), "state": .string(request.state.rawValue),
            "holds": .flag(request.state == .approved && grant.holds(at: now.moment)),
            "adjustments": .array(facts.adjustments.map(json)), "features": .strings(facts.features),
            "from": .moment(grant.from), "until": .time(grant.until), "reason": .string(facts.reason),
            "review": .time(grant.review), "requester": .string(request.requester),
            "proposed_at": .moment(request.proposed), "decider": .text(request.decider),
        ])
    }
}
