/// What is kept of the tenants of one plan across restarts: a list of things that can be used.
///
/// Names, not indices, so that it can be read back under another policy. A tenant's own part is then a few numbers, in
/// the order of the slots.
package struct UsageShape: Hashable, Sendable {
    /// The plan, by its name: unique among all that an engine keeps state for, those of descriptors' limits included.
    package var plan: String
    /// What is kept.
    package var slots: [Slot]

    /// Something that a tenant can use.
    package enum Slot: Hashable, Sendable {
        /// A calendar allowance; two numbers: which period (`CalendarPeriod.index`), and what was used in it.
        case quota(unit: QuotaUnit, period: CalendarPeriod)
        /// A bucket slow enough to outlive a restart; one number: what it held, in its own units.
        ///
        /// The bucket is `pool`, `lane/CLASS`, `ceiling/CLASS` or `operation/OPERATION`.
        case level(bucket: String, unitsPerCost: Int64)

        /// How many numbers a tenant has for it.
        package var numberCount: Int {
            switch self {
            case .quota: 2
            case .level: 1
            }
        }
    }

    /// Lists what is kept of the tenants of a plan.
    package init(plan: String, slots: [Slot]) {
        self.plan = plan
        self.slots = slots
    }

    /// How many numbers a tenant has.
    package var numberCount: Int { slots.reduce(0) { $0 + $1.numberCount } }
}
