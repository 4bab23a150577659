internal import Directory
internal import Ledger
package import Policy
internal import Vocabulary

/// What people read of the past: rows of a name and what it is.
extension Past {
    /// How far the ledger reached.
    package var rows: [(String, String)] {
        [
            ("at", Timestamp.text(moment)), ("records", "\(size) of \(ledgerSize)"), ("root", root.hexadecimal),
        ]
    }
}

extension RecordMark {
    /// `record 17, 2026-11-21T04:59:02Z, by operator/ada`.
    package var words: String {
        "record \(sequence), \(Timestamp.text(time))" + (actor.map { ", by \($0)" } ?? ", erased")
    }
}

extension PastPolicy {
    /// The policy and its records.
    package var rows: [(String, String)] {
        let marks: [(String, RecordMark?)] = [
            ("proposed", proposed), ("approved", approved), ("scheduled", scheduled), ("published", published),
        ]
        let moment = proposal.scheduled.map { [("  for", Timestamp.text($0))] } ?? []
        return [("policy", "\(proposal.facts.id)  \(proposal.facts.version)")]
            + marks.compactMap { name, mark in mark.map { ("  \(name)", $0.words) } } + moment
    }
}

extension PastTenant {
    /// Everything about it; `policy`, if it is known, says what the plan's numbers were.
    package func rows(under policy: Snapshot?) -> [(String, String)] {
        var rows = [
            ("tenant", entry.tenant.name), ("  created", created.words), ("  stated", stated.words),
            ("plan", entitlement.plan + (entitlement.isTrial ? ", a trial" : "")),
        ]
        if entry.tenant.isSuspended { rows.append(("suspended", "nothing it asks for is admitted")) }
        for (assignment, mark) in assignments {
            let until = assignment.until.map { " until \(Timestamp.text($0))" } ?? ""
            rows.append(
                ("  assigned", "\(assignment.plan) from \(Timestamp.text(assignment.from))\(until): \(mark.words)"))
        }
        if let until = entitlement.until { rows.append(("until", Timestamp.text(until))) }
        for grant in grants { rows += grant.rows }
        if let policy, let plan = try? entitlement.effectivePlan(in: policy) {
            rows += PlanLimits(plan, in: policy).rows
        }
        if erasedCount > 0 { rows.append(("erased", "\(erasedCount) of its records, which may have said more")) }
        return rows
    }
}

extension PastTenant.PastGrant {
    fileprivate var rows: [(String, String)] {
        let changes = grant.adjustments.map(\.description) + grant.features.map { "feature/\($0)" }
        let until = grant.until.map { " until \(Timestamp.text($0))" } ?? ""
        let verdict = state == .open ? "open" : state.rawValue + (holds ? ", holds" : ", does not hold")
        return [
            (grant.kind.rawValue, "\(grant.id): \(changes.joined(separator: ", ")); \(verdict)"),
            ("  from", Timestamp.text(grant.from) + until), ("  reason", grant.reason),
            ("  requested", requested.words),
        ] + (decided.map { [("  \(state.rawValue)", $0.words)] } ?? [])
            + (ended.map { [("  ended", $0.words)] } ?? [])
    }
}

extension PlanLimits {
    /// The numbers, a budget or a quota in each row.
    package var rows: [(String, String)] {
        budgets.map { budget in
            let parts = [
                budget.rate, budget.burst.map { "burst \($0)" }, budget.ceiling.map { "ceiling \($0)" },
            ]
            return (budget.name, parts.compactMap { $0 }.joined(separator: ", "))
        } + quotas.map { ("quota", "\($0.amount) \($0.unit.name) a \($0.period.name)") }
            + (features.isEmpty ? [] : [("features", features.joined(separator: ", "))])
    }
}
