internal import Directory
internal import Ledger
package import Policy
internal import Vocabulary

/// The form in which the control API and the command line tell of the past; members may be added, none is renamed.
extension Past {
    /// How far the ledger reached.
    package var json: JSONValue {
        [
            "at": .string(Timestamp.text(moment)), "records": .integer(size), "of": .integer(ledgerSize),
            "root": .string(root.hexadecimal),
        ]
    }
}

extension JSONValue {
    /// An object with further members; those without a value are left out.
    package func adding(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        guard case .object(let own) = self, case .object(let more) = JSONValue.record(members) else { return self }
        return .object(own + more)
    }

    fileprivate static func time(_ moment: WallTime?) -> JSONValue? { moment.map { .string(Timestamp.text($0)) } }
    fileprivate static func text(_ text: String?) -> JSONValue? { text.map { .string($0) } }
    fileprivate static func number(_ number: Int64?) -> JSONValue? { number.map { .integer($0) } }
}

extension RecordMark {
    /// The record's number, its time, and who did it.
    package var json: JSONValue {
        .record(["record": .integer(sequence), "time": .time(time), "actor": .text(actor)])
    }
}

extension PastPolicy {
    /// The policy, without its documents.
    package var json: JSONValue {
        .record([
            "id": .string(proposal.facts.id), "version": .string(proposal.facts.version),
            "reason": .string(proposal.facts.reason), "expires": .time(proposal.facts.expires?.moment),
            "scheduled_for": .time(proposal.scheduled), "proposed": proposed.json, "approved": approved?.json,
            "scheduled": scheduled?.json, "published": published?.json,
        ])
    }
}

extension PastTenant {
    /// A tenant in a list.
    static func summary(of tenant: Tenant, _ entitlement: Entitlement) -> JSONValue {
        [
            "tenant": .string(tenant.name), "plan": .string(entitlement.plan),
            "is_trial": .flag(entitlement.isTrial), "suspended": .flag(tenant.isSuspended),
            "adjustments": .array(entitlement.adjustments.map(\.json)), "grants": .strings(entitlement.grants),
            "features": .strings(entitlement.features),
        ]
    }

    /// The tenant in a list.
    package var summary: JSONValue { PastTenant.summary(of: entry.tenant, entitlement) }

    /// Everything about it; `policy`, if it is known, says what the plan's numbers were.
    package func json(under policy: Snapshot?) -> JSONValue {
        summary.adding([
            "version": .integer(entry.version), "until": .time(entitlement.until),
            "segment": .text(entry.tenant.segment), "contract": .text(entry.contract),
            "regions": entry.tenant.regions.map { .strings($0) }, "sandbox": .flag(entry.tenant.isSandbox),
            "created": created.json, "stated": stated.json,
            "assignments": .array(
                assignments.map { assignment, mark in
                    .record([
                        "plan": .string(assignment.plan), "from": .time(assignment.from),
                        "until": .time(assignment.until), "trial": .flag(assignment.isTrial), "assigned": mark.json,
                    ])
                }), "requests": .array(grants.map(\.json)), "erased_records": .integer(Int64(erasedCount)),
            "limits": policy.flatMap { policy in
                (try? entitlement.effectivePlan(in: policy)).map { PlanLimits($0, in: policy).json }
            },
        ])
    }
}

extension PastTenant.PastGrant {
    /// As the control API and the command line tell it.
    var json: JSONValue {
        .record([
            "id": .string(grant.id), "kind": .string(grant.kind.rawValue), "state": .string(state.rawValue),
            "holds": .flag(holds), "adjustments": .array(grant.adjustments.map(\.json)),
            "features": .strings(grant.features), "from": .time(grant.from), "until": .time(grant.until),
            "reason": .string(grant.reason), "requested": requested.json, "decided": decided?.json,
            "ended": ended?.json,
        ])
    }
}

extension Adjustment {
    /// What is changed, and to what, in the words of reports.
    fileprivate var json: JSONValue { ["target": .string("\(target)"), "change": .string("\(change)")] }
}

extension PlanLimits {
    /// The numbers of a plan.
    package var json: JSONValue {
        [
            "plan": .string(plan),
            "budgets": .array(
                budgets.map { budget in
                    .record([
                        "name": .string(budget.name), "rate": .text(budget.rate), "burst": .number(budget.burst),
                        "ceiling": .text(budget.ceiling),
                    ])
                }),
            "quotas": .array(
                quotas.map { quota in
                    [
                        "unit": .string(quota.unit.name), "period": .string(quota.period.name),
                        "amount": .integer(quota.amount),
                    ]
                }), "features": .strings(features),
        ]
    }
}
