package import Policy
internal import Synchronization
package import Vocabulary

/// A directory brought together with a policy: every name resolved, so that a request looks none up.
///
/// Made once whenever either of the two changes, and swapped as one reference. Indices of tenants and principals are
/// those of `directory`; indices of plans, classes and regions those of `policy`.
package final class DirectoryBinding: Sendable {
    /// A number that no other binding of this process has: what event loops have resolved is bound to it.
    package let generation: UInt64
    /// The directory.
    package let directory: DirectorySnapshot
    /// The policy, with the plans of tenants that deviate from theirs.
    package let policy: Snapshot
    /// The tenants as the engine knows them, by the directory's indices.
    package let tenants: PagedList<BoundTenant>
    /// The callers as the engine knows them, without their plans, by the directory's indices of principals.
    package let callers: PagedList<Caller>
    /// The policy as it was given.
    private let basePolicy: Snapshot
    /// The plans that were added to it, by their names: a binding that follows goes on with them.
    private let deviations: [String: Int]

    /// A tenant as the engine knows it.
    package struct BoundTenant: Sendable {
        /// Under which its budgets are kept.
        package let key: TenantKey
        /// Its plan, an index into the policy's, at any time.
        package let plans: EntitlementTimeline
        /// The regions it may use, sorted indices into the policy's; `nil` means all.
        package let regions: [Int]?
        /// Whether nothing it asks for is admitted.
        package let isSuspended: Bool

        /// Whether the tenant may use a region.
        ///
        /// - Complexity: O(regions of the tenant).
        package func allows(region: Int) -> Bool { regions?.contains(region) ?? true }
    }

    /// What bringing the two together gave.
    package struct Outcome: Sendable {
        /// The binding; `nil` if there are errors.
        package let binding: DirectoryBinding?
        /// What is wrong; spans point into the directory's files.
        package let diagnostics: [Diagnostic]
    }

    private static let generations = Atomic<UInt64>(0)

    private init(
        directory: DirectorySnapshot, policy: Snapshot, tenants: PagedList<BoundTenant>, callers: PagedList<Caller>,
        basePolicy: Snapshot, deviations: [String: Int]
    ) {
        generation = Self.generations.wrappingAdd(1, ordering: .relaxed).newValue
        self.directory = directory
        self.policy = policy
        self.tenants = tenants
        self.callers = callers
        self.basePolicy = basePolicy
        self.deviations = deviations
    }

    /// Resolves a directory against a policy.
    ///
    /// - Parameters:
    ///   - directory: the directory.
    ///   - policy: the policy.
    ///   - hash: turns names of tenants into the engine's keys; the same for the life of the process, or budgets start
    ///     anew.
    ///   - now: what was over before this moment is not looked at; nothing, unless told otherwise.
    ///   - previous: a binding of the directory from which this one was made, if there is one; then only what has
    ///     changed is resolved.
    /// - Returns: the binding, or the errors that forbid it.
    /// - Complexity: O(n) in tenants and principals: about 0.4 s for a million of each; with a binding that this one
    ///   can follow, O(what has changed).
    package static func bind(
        _ directory: DirectorySnapshot, to policy: Snapshot, hash: KeyedHash,
        at now: WallTime = WallTime(milliseconds: 0), following previous: DirectoryBinding? = nil
    ) -> Outcome {
        if let previous, let difference = previous.difference(of: directory, policy) {
            return previous.changing(to: directory, difference, hash: hash, at: now)
        }
        var resolver = Resolver(policy: policy, now: now)
        let problems = resolver.problems(of: directory)
        guard !problems.containsErrors else { return Outcome(binding: nil, diagnostics: problems) }
        let tenants = PagedList(directory.tenants.lazy.map { resolver.tenant($0, hash: hash) })
        let diagnostics = problems + resolver.refusals
        guard !diagnostics.containsErrors else { return Outcome(binding: nil, diagnostics: diagnostics) }
        let callers = PagedList(directory.principals.lazy.map { resolver.caller($0) })
        return Outcome(
            binding: DirectoryBinding(
                directory: directory, policy: policy.adding(resolver.deviatingPlans), tenants: tenants,
                callers: callers, basePolicy: policy, deviations: resolver.deviations),
            diagnostics: diagnostics)
    }

    /// What would be wrong if owners were bound to a policy, without binding them.
    ///
    /// - Complexity: O(n), without memory of its own.
    package static func diagnostics(
        of owners: some Sequence<DirectorySnapshot.OwnerState>, platform: [Principal], under policy: Snapshot,
        at now: WallTime
    ) -> [Diagnostic] {
        var mentions = Mentions()
        var resolver = Resolver(policy: policy, now: now)
        for principal in platform { mentions.note(principal) }
        for case .tenant(let tenant, let principals) in owners {
            mentions.note(tenant)
            for principal in principals { mentions.note(principal) }
            if tenant.hasTerms { _ = resolver.tenant(tenant, hash: KeyedHash(key: (0, 0))) }
        }
        return resolver.problems(of: mentions) + resolver.refusals
    }

    /// Plans of deviations that bindings may add, one after the other, before one is made from nothing: those that
    /// nobody has any more go only then.
    private static let addedPlanCountMax = 1_024

    /// In what a directory differs from the one that was bound, if it was made from it and the policy is the same.
    private func difference(
        of directory: DirectorySnapshot, _ policy: Snapshot
    ) -> DirectorySnapshot.Difference? {
        guard let difference = directory.difference, difference.base == self.directory.generation,
            policy === basePolicy,
            self.policy.plans.count - policy.plans.count
                < max(
                    DirectoryBinding.addedPlanCountMax, directory.tenants.count / 16)
        else { return nil }
        return difference
    }

    /// Resolves what has changed, and takes over the rest.
    private func changing(
        to directory: DirectorySnapshot, _ difference: DirectorySnapshot.Difference, hash: KeyedHash, at now: WallTime
    ) -> Outcome {
        var resolver = Resolver(
            policy: basePolicy, now: now, deviations: deviations, planCount: policy.plans.count)
        var (tenants, callers) = (tenants, callers)
        for index in difference.tenants {
            tenants.put(resolver.tenant(directory.tenant(at: index), hash: hash), at: index)
        }
        let diagnostics = resolver.problems(of: directory) + resolver.refusals
        guard !diagnostics.containsErrors else { return Outcome(binding: nil, diagnostics: diagnostics) }
        for index in difference.principals.joined().sorted() {
            callers.put(resolver.caller(directory.principal(at: index)), at: index)
        }
        return Outcome(
            binding: DirectoryBinding(
                directory: directory, policy: policy.adding(resolver.deviatingPlans), tenants: tenants,
                callers: callers, basePolicy: basePolicy, deviations: resolver.deviations),
            diagnostics: diagnostics)
    }
}

/// What requests ask: indices are those of the directory.
extension DirectoryBinding {
    /// The plan that a tenant has at a moment, an index into the policy's; -1: none.
    package func plan(ofTenant index: Int, at now: WallTime) -> Int { tenants[index].plans.plan(at: now) }

    /// Under which a tenant's budgets are kept.
    package func key(ofTenant index: Int) -> TenantKey { tenants[index].key }

    /// Whether nothing that a tenant asks for is admitted.
    package func isSuspended(tenant index: Int) -> Bool { tenants[index].isSuspended }

    /// Whether a tenant may use a region.
    ///
    /// - Complexity: O(regions of the tenant).
    package func allows(region: Int, tenant index: Int) -> Bool { tenants[index].allows(region: region) }

    /// What the policy knows of a principal, without its plan.
    package func caller(ofPrincipal index: Int) -> Caller { callers[index] }
}
