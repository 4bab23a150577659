/// One region.
package struct Region: Hashable, Sendable {
    /// The name.
    package let name: String
    /// The region's budget; its lanes are the tiers, quarantine included.
    package let budget: Budget

    /// States a region.
    package init(name: String, budget: Budget) {
        self.name = name
        self.budget = budget
    }
}
