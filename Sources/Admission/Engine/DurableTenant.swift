package import Vocabulary

/// What of a tenant's state survives a restart: the use of its quotas, and the levels of its budgets.
///
/// Named, not numbered, and in units that no policy changes, so that it can be read back under another snapshot.
package struct DurableTenant: Sendable {
    /// The tenant.
    package var key: TenantKey
    /// The use of each quota.
    package var quotas: [QuotaUse]
    /// The level of each bucket.
    package var levels: [Level]

    /// The use of one quota in one period.
    package struct QuotaUse: Hashable, Sendable {
        /// What is counted.
        package var unit: QuotaUnit
        /// The kind of period.
        package var period: CalendarPeriod
        /// The number of the period.
        package var index: Int32
        /// How much was used in it.
        package var used: Int64

        /// States a use.
        package init(unit: QuotaUnit, period: CalendarPeriod, index: Int32, used: Int64) {
            self.unit = unit
            self.period = period
            self.index = index
            self.used = used
        }
    }

    /// The level of one bucket at a moment.
    package struct Level: Hashable, Sendable {
        /// The bucket: `pool`, `lane/CLASS`, `ceiling/CLASS` or `operation/OPERATION`.
        package var bucket: String
        /// What it holds, in billionths of a cost unit, rounded down.
        package var billionths: Int64

        /// States a level.
        package init(bucket: String, billionths: Int64) {
            self.bucket = bucket
            self.billionths = billionths
        }
    }

    /// Joins what survives.
    package init(key: TenantKey, quotas: [QuotaUse], levels: [Level]) {
        self.key = key
        self.quotas = quotas
        self.levels = levels
    }
}

extension DurableTenant {
    /// The unit in which levels are stored: a billionth of a cost unit.
    static let billion: Int64 = 1_000_000_000
}
