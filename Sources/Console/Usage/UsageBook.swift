package import Journal
package import Vocabulary

/// What tenants use, as one server has counted it.
package struct UsageBook: Sendable {
    /// What was used, day by day.
    let store: ConsumptionStore
    /// What is left of quotas.
    let quotas: any QuotaReader

    /// Joins the two.
    package init(store: ConsumptionStore, quotas: any QuotaReader) {
        self.store = store
        self.quotas = quotas
    }
}

/// Knows what is left of quotas.
package protocol QuotaReader: Sendable {
    /// What a tenant has used of its quotas now; `nil` where nobody has such a tenant, or it has no plan.
    func quotas(of tenant: String) -> QuotaStanding?
}

/// What a tenant has used of its quotas.
package struct QuotaStanding: Hashable, Sendable {
    /// Where the calendar is from by which they are counted.
    package let zone: CalendarZone
    /// The quotas.
    package let quotas: [Quota]

    /// What was used of one quota in the period that holds.
    package struct Quota: Hashable, Sendable {
        /// What is counted.
        package let unit: QuotaUnit
        /// The period.
        package let period: CalendarPeriod
        /// How much a period allows.
        package let amount: Int64
        /// How much of it is used.
        package let used: Int64
        /// When the period ends.
        package let resets: WallTime

        /// States it.
        package init(unit: QuotaUnit, period: CalendarPeriod, amount: Int64, used: Int64, resets: WallTime) {
            self.unit = unit
            self.period = period
            self.amount = amount
            self.used = used
            self.resets = resets
        }
    }

    /// States it.
    package init(zone: CalendarZone, quotas: [Quota]) {
        self.zone = zone
        self.quotas = quotas
    }
}
