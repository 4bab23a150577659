package import Directory
internal import Ledger
internal import Vocabulary

/// A tenant as it was, and which records have made it so.
package struct PastTenant: Sendable {
    /// What was known of it.
    package let entry: TenantEntry
    /// What held for it.
    package let entitlement: Entitlement
    /// The record that made it.
    package let created: RecordMark
    /// The last record that stated its plan, its segment and whether it is suspended.
    package let stated: RecordMark
    /// The plans that it was given, in their order.
    package let assignments: [(assignment: PlanAssignment, mark: RecordMark)]
    /// The grants that were asked for, in their order.
    package let grants: [PastGrant]
    /// How many of its records are erased: what they said is missing here.
    package let erasedCount: Int

    /// A grant, what became of it, and which records say so.
    package struct PastGrant: Sendable {
        /// What was asked for; its end is an earlier one if somebody ended it.
        package let grant: Grant
        /// What had become of it.
        package let state: GrantRequest.State
        /// Whether it held at that moment.
        package let holds: Bool
        /// Who asked.
        package let requested: RecordMark
        /// Who approved or refused it.
        package let decided: RecordMark?
        /// Who ended it early.
        package let ended: RecordMark?
    }
}

extension PastTenant {
    /// Gathers a tenant from its records.
    struct Draft {
        let name: String
        private var registry = Registry()
        private var created: RecordMark?
        private var stated: RecordMark?
        private var assignments: [RecordMark] = []
        private var requested: [String: RecordMark] = [:]
        private var decided: [String: RecordMark] = [:]
        private var ended: [String: RecordMark] = [:]
        private var erasedCount = 0

        /// Nothing of a tenant yet.
        init(name: String) { self.name = name }

        /// Takes its next record.
        mutating func apply(_ entry: LedgerEntry, _ event: GovernanceEvent?) throws(UnreadableEvent) {
            try registry.apply(entry)
            if case .erased = entry.content { erasedCount += 1 }
            let mark = RecordMark(entry)
            if entry.type == "tenant.created", created == nil { (created, stated) = (mark, mark) }
            switch event {
            case .tenantChanged: stated = mark
            case .planAssigned: assignments.append(mark)
            case .grantProposed(let facts): requested[facts.id] = mark
            case .grantApproved(let verdict), .grantRejected(let verdict): decided[verdict.id] = mark
            case .grantEnded(let ending): ended[ending.id] = mark
            default: break
            }
        }

        /// The tenant, if there was one.
        func tenant(at moment: WallTime) -> PastTenant? {
            guard let entry = registry.tenants[name], let created, let stated else { return nil }
            let grants = entry.requests.compactMap { request -> PastGrant? in
                let id = request.grant.id
                let grant = entry.tenant.grants.first { $0.id == id } ?? request.grant
                return requested[id].map { mark in
                    PastGrant(
                        grant: grant, state: request.state,
                        holds: request.state == .approved && grant.holds(at: moment),
                        requested: mark, decided: decided[id], ended: ended[id])
                }
            }
            return PastTenant(
                entry: entry, entitlement: Entitlement(of: entry.tenant, at: moment), created: created, stated: stated,
                assignments: Array(zip(entry.tenant.assignments, assignments)), grants: grants, erasedCount: erasedCount
            )
        }
    }
}
