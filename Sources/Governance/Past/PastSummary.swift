package import Directory
package import Policy
package import Vocabulary

/// All tenants as they were, counted, and the first of them by name.
package struct PastSummary: Sendable {
    /// How many there were.
    package let tenantCount: Int
    /// How many of them had each plan, by its name.
    package let plans: [(name: String, count: Int)]
    /// How many had a trial.
    package let trialCount: Int
    /// How many deviated from their plans.
    package let deviatingCount: Int
    /// How many were suspended.
    package let suspendedCount: Int
    /// The first ones, by name.
    package let first: [(tenant: Tenant, entitlement: Entitlement)]

    /// Looks at what held.
    ///
    /// - Complexity: O(n log limit).
    package init(_ registry: Registry, at moment: WallTime, limit: Int) {
        var plans: [String: Int] = [:]
        var (trials, deviating, suspended) = (0, 0, 0)
        var names: [String] = []
        for entry in registry.tenants.values {
            let entitlement = Entitlement(of: entry.tenant, at: moment)
            plans[entitlement.plan, default: 0] += 1
            trials += entitlement.isTrial ? 1 : 0
            deviating += entitlement.adjustments.isEmpty && entitlement.features.isEmpty ? 0 : 1
            suspended += entry.tenant.isSuspended ? 1 : 0
            names.append(entry.tenant.name)
            guard names.count > 2 * limit + 1_000 else { continue }
            names = Array(names.sorted().prefix(limit))
        }
        tenantCount = registry.tenants.count
        self.plans = plans.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
        (trialCount, deviatingCount, suspendedCount) = (trials, deviating, suspended)
        first = names.sorted().prefix(limit).compactMap { name in
            registry.tenants[name].map { (tenant: $0.tenant, entitlement: Entitlement(of: $0.tenant, at: moment)) }
        }
    }

    /// The counts, in rows of a name and what it is.
    package var rows: [(String, String)] {
        [
            ("tenants", "\(tenantCount)"), ("  on trial", "\(trialCount)"), ("  deviating", "\(deviatingCount)"),
            ("  suspended", "\(suspendedCount)"),
        ] + plans.map { ("plan", "\($0.name): \($0.count)") }
    }

    /// The tenants, one a line: name, plan, and in what it deviates.
    package var lines: [String] {
        first.map { tenant, entitlement in
            let terms = entitlement.adjustments.map(\.description) + entitlement.features.map { "feature/\($0)" }
            let state = (entitlement.isTrial ? ["trial"] : []) + (tenant.isSuspended ? ["suspended"] : [])
            return ([tenant.name, entitlement.plan] + state + terms).joined(separator: "  ")
        }
    }

    /// Counts and tenants.
    package var json: JSONValue {
        [
            "tenants": .integer(Int64(tenantCount)), "on_trial": .integer(Int64(trialCount)),
            "deviating": .integer(Int64(deviatingCount)), "suspended": .integer(Int64(suspendedCount)),
            "plans": .object(plans.map { JSONValue.Member($0.name, .integer(Int64($0.count))) }),
            "first": .array(
                first.map { tenant, entitlement in
                    PastTenant.summary(of: tenant, entitlement)
                }),
        ]
    }
}
