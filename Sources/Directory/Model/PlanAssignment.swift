package import Vocabulary

/// A plan that a tenant has for a time.
package struct PlanAssignment: Hashable, Sendable {
    /// The plan, by name.
    package var plan: String
    /// From when on.
    package var from: WallTime
    /// The first moment at which it no longer holds; `nil`: until another one begins.
    package var until: WallTime?
    /// Whether it is a trial: it stands above what was bought, and always ends.
    package var isTrial: Bool

    /// States an assignment.
    package init(plan: String, from: WallTime, until: WallTime? = nil, isTrial: Bool = false) {
        self.plan = plan
        self.from = from
        self.until = until
        self.isTrial = isTrial
    }

    /// Whether it holds at a moment.
    package func holds(at now: WallTime) -> Bool { from <= now && until.map { now < $0 } ?? true }
}
