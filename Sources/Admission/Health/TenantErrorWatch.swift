package import Policy
package import Vocabulary

/// Watches how many requests of each tenant fail, in a table that never grows.
package final class TenantErrorWatch: Sendable {
    private let watch: RuleWatch<ErrorDetector>
    private let window: Nanoseconds

    /// Watches by the numbers of a policy.
    package init(_ errors: HealthPolicy.TenantErrors) {
        window = errors.window
        let detector = ErrorDetector(
            AbuseRule.Errors(
                kind: .answers, window: errors.window, shareBasisPoints: errors.shareBasisPoints, least: errors.least))
        // Told again before the time is over for which it was told.
        watch = RuleWatch(detector, quiet: Nanoseconds(errors.window.count / 4))
    }

    /// A request of a tenant has ended.
    ///
    /// - Returns: until when the tenant is to be held, if too many of its requests fail.
    /// - Complexity: O(1); allocates only for a finding.
    package func note(_ isFailure: Bool, of tenant: TenantKey, at now: Nanoseconds) -> Nanoseconds? {
        watch.note(isFailure, of: tenant.bits, at: now) == nil ? nil : now + window
    }
}
