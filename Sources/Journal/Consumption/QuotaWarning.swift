package import Vocabulary

/// That a tenant has used a share of a quota: what somebody is told once in each period.
package struct QuotaWarning: Hashable, Sendable {
    /// The tenant's name.
    package let tenant: String
    /// What is counted.
    package let unit: QuotaUnit
    /// The calendar period.
    package let period: CalendarPeriod
    /// Which period, as `CalendarPeriod` numbers them.
    package let number: Int32
    /// The share, in hundredths of a percent.
    package let share: Int64

    /// States it.
    package init(tenant: String, unit: QuotaUnit, period: CalendarPeriod, number: Int32, share: Int64) {
        self.tenant = tenant
        self.unit = unit
        self.period = period
        self.number = number
        self.share = share
    }
}
