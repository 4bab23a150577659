internal import Vocabulary

/// An exact sum of rates, in cost units per nanosecond.
struct RateSum {
    private var numerator: Int128 = 0
    private var denominator: Int128 = 1

    /// Adds up rates.
    ///
    /// - Returns: `nil` if the periods have no common multiple that 128 bits can hold.
    init?(_ rates: some Sequence<Rate>) {
        for rate in rates {
            let period = Int128(rate.period.count)
            let divisor = RateSum.greatestCommonDivisor(denominator, period)
            let (left, leftOverflow) = numerator.multipliedReportingOverflow(by: period / divisor)
            let (right, rightOverflow) = Int128(rate.amount).multipliedReportingOverflow(by: denominator / divisor)
            let (common, commonOverflow) = denominator.multipliedReportingOverflow(by: period / divisor)
            let (sum, sumOverflow) = left.addingReportingOverflow(right)
            guard !leftOverflow, !rightOverflow, !commonOverflow, !sumOverflow else { return nil }
            numerator = sum
            denominator = common
        }
    }

    /// Whether the sum is more than a rate; `nil` if 128 bits cannot tell.
    func exceeds(_ rate: Rate) -> Bool? {
        let (left, leftOverflow) = numerator.multipliedReportingOverflow(by: Int128(rate.period.count))
        let (right, rightOverflow) = denominator.multipliedReportingOverflow(by: Int128(rate.amount))
        return leftOverflow || rightOverflow ? nil : left > right
    }

    /// The sum in the period of a rate, as a policy would write it; rounded up to a whole amount.
    func description(inPeriodOf rate: Rate) -> String {
        let (scaled, overflow) = numerator.multipliedReportingOverflow(by: Int128(rate.period.count))
        guard !overflow, let amount = Int64(exactly: (scaled + denominator - 1) / denominator), amount > 0 else {
            return "more"
        }
        let isExact = scaled % denominator == 0
        return (isExact ? "" : "about ") + Rate(amount: amount, period: rate.period).description
    }

    private static func greatestCommonDivisor(_ first: Int128, _ second: Int128) -> Int128 {
        var (larger, smaller) = (first, second)
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        return larger
    }
}
