package import Vocabulary

/// The health that counts: what is worse counts at once, what is better only one step at a time and after a while.
///
/// So whatever is told, it becomes better at most once in that time, and a signal that flaps keeps what it says when it
/// is worst. It begins under stress: nobody has said anything better yet.
package struct HealthCourse: Sendable {
    /// What counts now.
    package private(set) var present = Health.stressed
    /// Since when it has been better.
    private var betterSince: Int64?

    /// A course that nobody has said anything about.
    package init() {}

    /// Takes what is seen now.
    ///
    /// - Parameters:
    ///   - seen: the worst of what is told.
    ///   - settle: how long it must be better.
    ///   - now: the monotonic clock.
    /// - Returns: whether `present` has changed.
    package mutating func take(_ seen: Health, settle: Nanoseconds, at now: Nanoseconds) -> Bool {
        guard seen < present else {
            betterSince = nil
            defer { present = seen }
            return present != seen
        }
        let since = betterSince ?? now.count
        guard now.count - since >= settle.count else {
            betterSince = since
            return false
        }
        betterSince = now.count
        present = present.better
        return true
    }
}
