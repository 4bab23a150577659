/// Where a lane is that came too close to its boundary.
package enum NearMissLevel: UInt8, CaseIterable, Sendable {
    /// A tier's share of the service's budget.
    case service
    /// A tier's share of a region's budget.
    case region
    /// A class's share of a tenant's budget.
    case trafficClass
    /// A tier's share of the seats.
    case seats

    /// The name on the wire; stable.
    package var name: String {
        switch self {
        case .service: "service"
        case .region: "region"
        case .trafficClass: "tenant/class"
        case .seats: "seats"
        }
    }

    /// Finds a level by its name.
    init?(name: String) {
        guard let match = NearMissLevel.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

extension DecisionRecord {
    /// A protected lane that came closer to its boundary than the policy allows, with this decision.
    package struct NearMiss: Hashable, Sendable {
        /// Where the lane is.
        package let level: NearMissLevel
        /// The budget's name, as in `BudgetReading.name`; of seats `seats`.
        package let budget: String
        /// The lane: a tier's or a class's name.
        package let lane: String
        /// What is the lane's own, in cost units or seats.
        package let guarantee: Int64
        /// What the policy wants to be left to it at least.
        package let boundary: Int64
        /// What was left to it, its own and what it could borrow; negative where more was needed than there was.
        package let left: Int64
        /// The collision: the other classes that were active in this or the previous second; at a tenant's level the
        /// tenant's, else all tenants'.
        package let others: [String]

        /// States a near miss.
        package init(
            level: NearMissLevel, budget: String, lane: String, guarantee: Int64, boundary: Int64, left: Int64,
            others: [String]
        ) {
            self.level = level
            self.budget = budget
            self.lane = lane
            self.guarantee = guarantee
            self.boundary = boundary
            self.left = left
            self.others = others
        }
    }
}
