package import Vocabulary

/// What applies to a descriptor that ends at a node of `DescriptorIndex`.
package struct DescriptorLimit: Hashable, Sendable {
    /// The plan with the budget of one counter, an index into `Snapshot.enginePlans`; -1: nothing is counted and
    /// everything goes through.
    ///
    /// The plan gives neither lanes to classes nor meters to operations: ask for class -1 and operation -1. It counts
    /// cost units, so a call of several hits costs that many.
    package let plan: Int
    /// The name, if the policy gives one.
    package let name: String?
    /// The path to the limit in its domain, for people: `database=users, table=audit*`.
    package let label: String
    /// How far it is enforced.
    package let stage: Stage
    /// The limit as Envoy's protocol states limits; `nil` if everything goes through.
    package let amount: Amount?
    /// The nodes whose limits are switched off in a call to which this one applies, rising.
    package let replaces: [Int]
    /// The entries whose values do not tell counters apart, one bit for each, the first lowest.
    let sharedEntries: UInt64

    /// Whether the value of an entry does not tell counters apart: the limit is for one exact value there, or says that
    /// all values share a counter.
    ///
    /// A counter's identity is the plan's name and the values of all other entries.
    package func isShared(entry: Int) -> Bool { sharedEntries & (1 << UInt64(entry)) != 0 }

    /// An amount per unit of time, as `RateLimitResponse.RateLimit` of Envoy's protocol has it.
    package struct Amount: Hashable, Sendable {
        /// How many per unit; rounded down where a rate such as `1/7s` is a whole number in no unit.
        package let requests: Int64
        /// The unit.
        package let unit: Unit

        /// States an amount.
        package init(requests: Int64, unit: Unit) {
            self.requests = requests
            self.unit = unit
        }
    }

    /// The units of time in Envoy's protocol.
    package enum Unit: UInt8, CaseIterable, Sendable {
        case second, minute, hour, day, week, month, year
    }
}

extension DescriptorLimit.Unit {
    /// The word that policies and the reference service's configuration use.
    package var name: String {
        switch self {
        case .second: "second"
        case .minute: "minute"
        case .hour: "hour"
        case .day: "day"
        case .week: "week"
        case .month: "month"
        case .year: "year"
        }
    }

    /// The period of a rate; `nil` for units that are counted by the calendar.
    package var period: Nanoseconds? {
        switch self {
        case .second: .second
        case .minute: .seconds(60)
        case .hour: .seconds(3_600)
        case .day: .day
        case .week, .month, .year: nil
        }
    }

    /// The calendar period whose length the unit has; `nil` for those that are shorter.
    package var calendarPeriod: CalendarPeriod? {
        switch self {
        case .second, .minute, .hour: nil
        case .day: .day
        case .week: .week
        case .month: .month
        case .year: .year
        }
    }

    /// The unit of a calendar period.
    package init(_ period: CalendarPeriod) {
        switch period {
        case .day: self = .day
        case .week: self = .week
        case .month: self = .month
        case .year: self = .year
        }
    }
}

extension DescriptorLimit.Amount {
    /// The amount that Envoy's protocol can state of an allowance; `nil` if there is no limit.
    init?(_ allowance: DescriptorNode.Allowance) {
        switch allowance {
        case .unlimited: return nil
        case .calendar(let amount, let period): self.init(requests: amount, unit: DescriptorLimit.Unit(period))
        case .bucket(let budget): self.init(budget.rates[0])
        }
    }

    /// A rate in the smallest unit in which it is a whole number, else per day, rounded down.
    package init(_ rate: Rate) {
        for unit in DescriptorLimit.Unit.allCases {
            guard let period = unit.period else { continue }
            let (whole, rest) = (Int128(rate.amount) * Int128(period.count)).quotientAndRemainder(
                dividingBy: Int128(rate.period.count))
            guard rest == 0 || unit == .day else { continue }
            self.init(requests: Int64(clamping: whole), unit: unit)
            return
        }
        preconditionFailure("a day has a period")
    }
}
