internal import Policy
internal import Vocabulary

extension DirectoryBinding {
    /// Turns names into the indices of one policy.
    struct Resolver {
        private let policy: Snapshot
        private let plans: [String: Int]
        private let classes: [String: Int]
        private let regions: [String: Int]
        /// Lists that were resolved before: most principals share a handful, and equal lists then share their memory.
        private var classLists: [[String]: [Int]] = [:]
        /// The plans of tenants that deviate from theirs, in the order of their indices behind those that there are.
        private(set) var deviatingPlans: [Plan] = []
        /// All plans of tenants that deviate from theirs, by their names.
        private(set) var deviations: [String: Int]
        private let planCount: Int
        private var log = DiagnosticLog()
        private let now: WallTime

        /// Indexes a policy.
        ///
        /// - Parameters:
        ///   - policy: the policy as it was given.
        ///   - now: what was over before is not looked at.
        ///   - deviations: plans that were added to it before, by their names.
        ///   - planCount: how many plans it has with those.
        init(policy: Snapshot, now: WallTime, deviations: [String: Int] = [:], planCount: Int? = nil) {
            self.policy = policy
            self.now = now
            self.deviations = deviations
            self.planCount = planCount ?? policy.plans.count
            plans = Resolver.indices(policy.plans.map(\.name))
            classes = Resolver.indices(policy.classes.map(\.name))
            regions = Resolver.indices(policy.regions.map(\.name))
        }

        private static func indices(_ names: [String]) -> [String: Int] {
            Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        }

        /// What the directory and the policy do not agree on, each name once.
        func problems(of directory: DirectorySnapshot) -> [Diagnostic] { problems(of: directory.mentions) }

        /// What a policy does not know, or nobody can do.
        func problems(of mentions: Mentions) -> [Diagnostic] {
            var log = DiagnosticLog()
            reportUnknown("plan", mentions.plans, known: plans, to: &log)
            reportUnknown("class", mentions.classes, known: classes, to: &log)
            reportUnknown("region", mentions.regions, known: regions, to: &log)
            reportUnclaimable(mentions.classes, to: &log)
            return log.diagnostics
        }

        /// A tenant whose plan and regions are known.
        mutating func tenant(_ tenant: Tenant, hash: KeyedHash) -> BoundTenant {
            BoundTenant(
                key: TenantKey(bits: hash(tenant.name)),
                plans: tenant.hasTerms ? timeline(of: tenant) : EntitlementTimeline(plan: plans[tenant.plan] ?? -1),
                regions: tenant.regions.map { $0.compactMap { regions[$0] }.sorted() },
                isSuspended: tenant.isSuspended)
        }

        /// A caller whose classes are known.
        mutating func caller(_ principal: Principal) -> Caller {
            let indices =
                classLists[principal.classes]
                ?? {
                    let resolved = principal.classes.compactMap { classes[$0] }
                    classLists[principal.classes] = resolved
                    return resolved
                }()
            return Caller(plan: -1, classes: indices, attributes: principal.attributes)
        }

        /// What the policy cannot give to tenants that were granted it.
        var refusals: [Diagnostic] { log.diagnostics }

        /// The plans of a tenant that has more than one, or deviates.
        private mutating func timeline(of tenant: Tenant) -> EntitlementTimeline {
            var stretches: [(plan: Int, until: WallTime?)] = []
            var start: WallTime? = now
            while let moment = start {
                let entitlement = Entitlement(of: tenant, at: moment)
                stretches.append((index(of: entitlement, tenant), entitlement.until))
                start = entitlement.until
            }
            return EntitlementTimeline(stretches)
        }

        private mutating func index(of entitlement: Entitlement, _ tenant: Tenant) -> Int {
            let plan: Plan
            do throws(AdjustmentProblem) { plan = try entitlement.effectivePlan(in: policy) } catch {
                log.error(
                    .unfitGrant, "the tenant \(tenant.name.quoted): \(error)",
                    at: SourceSpan(file: 0, line: 1, column: 1, length: 0),
                    suggestion: entitlement.grants.isEmpty ? nil : "change or end \(entitlement.grants.listed())")
                return -1
            }
            if let index = plans[plan.name] ?? deviations[plan.name] { return index }
            let index = planCount + deviatingPlans.count
            deviatingPlans.append(plan)
            deviations[plan.name] = index
            return index
        }

        private func reportUnknown(
            _ noun: String, _ mentions: [Mentions.Mention], known: [String: Int], to log: inout DiagnosticLog
        ) {
            let names = known.keys.sorted()
            let offer = names.isEmpty ? "the policy has no \(noun) yet" : "known there: \(names.listed())"
            for mention in mentions where known[mention.name] == nil {
                let nearest = Spelling.nearest(to: mention.name, among: names)
                let again = mention.count == 1 ? "" : " (named \(mention.count) times, here first)"
                log.error(
                    .unknownName,
                    "the policy \(policy.name.quoted) has no \(noun) \(mention.name.quoted)\(again)",
                    at: mention.span, suggestion: nearest.map { "did you mean \($0.quoted)?" } ?? offer)
            }
        }

        /// Reports governed classes that no principal lists: their work can never be done, which an incident would
        /// show.
        private func reportUnclaimable(_ mentions: [Mentions.Mention], to log: inout DiagnosticLog) {
            let claimable = Set(mentions.map(\.name))
            let start = SourceSpan(file: 0, line: 1, column: 1, length: 0)
            for trafficClass in policy.classes where trafficClass.governed && !claimable.contains(trafficClass.name) {
                log.warning(
                    .unclaimableClass,
                    "no principal may do work of the governed class \(trafficClass.name.quoted)", at: start,
                    suggestion: "list the class under `classes` of the principals that \(trafficClass.owner) runs")
            }
        }
    }
}
