internal import Policy
package import Vocabulary

/// That a tenant has used a share of a quota.
package struct QuotaWarningFacts: Codable, Hashable, Sendable {
    /// `requests`, `cost` or `bytes`.
    package var unit: String
    /// `day`, `week`, `month` or `year`.
    package var period: String
    /// The first date of the period, by the calendar of the tenant's plan: `2026-11-01`.
    package var begins: String
    /// The share: `80%`.
    package var share: String
    /// How much was used when that was seen.
    package var used: Int64
    /// How much the period allows.
    package var amount: Int64

    /// States a warning.
    ///
    /// - Parameters:
    ///   - unit: what is counted.
    ///   - period: the calendar period.
    ///   - number: which period, as `CalendarPeriod` numbers them.
    ///   - share: the share, in hundredths of a percent.
    ///   - used: how much was used.
    ///   - amount: how much the period allows.
    package init(
        unit: QuotaUnit, period: CalendarPeriod, number: Int32, share: Int64, used: Int64, amount: Int64
    ) {
        self.unit = unit.name
        self.period = period.name
        begins = String(period.start(of: number).description.prefix(10))
        self.share = UnitText.percentage(share)
        self.used = used
        self.amount = amount
    }

    /// What tells one warning of a tenant from all others.
    var id: String { "\(unit)/\(period)/\(begins)/\(share)" }
}
