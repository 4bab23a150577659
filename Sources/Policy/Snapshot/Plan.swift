package import Vocabulary

/// One plan: limits, quotas and features that tenants buy.
package struct Plan: Hashable, Sendable {
    /// The name.
    package let name: String
    /// The name of the plan that tenants buy: another one than `name` where a tenant deviates from it.
    package let base: String
    /// The tenant's budget; its lanes are classes.
    package let tenant: Budget
    /// The lane of each class in `tenant.lanes`, by class index; -1: the class has no lane and lives from the pool.
    ///
    /// Empty in plans of descriptors' limits, which know no classes.
    package let laneOfClass: [Int]
    /// The class of each lane: the inverse of `laneOfClass`.
    package let classOfLane: [Int]
    /// The budgets of single operations.
    package let operationMeters: [Meter]
    /// The meter of each operation in `operationMeters`, by operation index; -1: none.
    ///
    /// Empty in plans of descriptors' limits, which know no operations.
    package let meterOfOperation: [Int]
    /// The calendar allowances.
    package let quotas: [Quota]
    /// The features, sorted.
    package let features: [String]
    /// How much of the seats a tenant is to have beside others.
    package let weight: Int64
    /// Where the calendar is from by which its quotas and its tenants' use are counted.
    package let zone: CalendarZone

    /// A calendar allowance.
    package struct Quota: Hashable, Sendable {
        /// What is counted.
        package let unit: QuotaUnit
        /// How much a period allows.
        package let amount: Int64
        /// The period.
        package let period: CalendarPeriod
        /// From which shares of it on somebody is told, in hundredths of a percent, rising.
        package let warnings: [Int64]

        /// The shares where a policy says nothing of them: 80% and 95%.
        package static let warningsStandard: [Int64] = [8_000, 9_500]

        /// States an allowance.
        package init(
            unit: QuotaUnit, amount: Int64, period: CalendarPeriod, warnings: [Int64] = Quota.warningsStandard
        ) {
            self.unit = unit
            self.amount = amount
            self.period = period
            self.warnings = warnings
        }
    }

    /// States a plan; one without a `base` is what tenants buy.
    package init(
        name: String, base: String? = nil, tenant: Budget, laneOfClass: [Int], operationMeters: [Meter] = [],
        meterOfOperation: [Int], quotas: [Quota] = [], features: [String] = [], weight: Int64 = 1,
        zone: CalendarZone = .utc
    ) {
        self.name = name
        self.base = base ?? name
        self.tenant = tenant
        self.laneOfClass = laneOfClass
        var classOfLane = [Int](repeating: -1, count: tenant.lanes.count)
        for (trafficClass, lane) in laneOfClass.enumerated() where lane >= 0 { classOfLane[lane] = trafficClass }
        self.classOfLane = classOfLane
        self.operationMeters = operationMeters
        self.meterOfOperation = meterOfOperation
        self.quotas = quotas
        self.features = features
        self.weight = weight
        self.zone = zone
    }
}
