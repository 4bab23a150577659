internal import Policy
package import Vocabulary

/// Which plan of a snapshot holds for a tenant when: what requests look up.
///
/// Most tenants have one plan and no end of it; then this is two words and no memory of its own.
package struct EntitlementTimeline: Sendable {
    /// The plan that holds until `end`, an index into the snapshot's plans; -1: none.
    private let first: Int
    /// The first millisecond at which it no longer holds.
    private let end: Int64
    private let rest: [Stretch]

    /// A stretch of time after the first.
    private struct Stretch {
        let plan: Int
        let end: Int64
    }

    /// One plan for ever.
    init(plan: Int) {
        first = plan
        end = .max
        rest = []
    }

    /// Several plans, one after the other; the last one holds for ever.
    ///
    /// - Precondition: there is at least one.
    init(_ stretches: [(plan: Int, until: WallTime?)]) {
        precondition(!stretches.isEmpty, "a timeline has a beginning")
        first = stretches[0].plan
        end = stretches[0].until?.milliseconds ?? .max
        rest = stretches.dropFirst().map { Stretch(plan: $0.plan, end: $0.until?.milliseconds ?? .max) }
    }

    /// The plan at a moment, an index into the snapshot's plans.
    ///
    /// - Complexity: O(1) before anything changes, else linear in the changes to come.
    @inline(__always)
    package func plan(at now: WallTime) -> Int { now.milliseconds < end ? first : later(now) }

    @inline(never)
    private func later(_ now: WallTime) -> Int {
        (rest.first { now.milliseconds < $0.end } ?? rest.last)?.plan ?? first
    }
}
