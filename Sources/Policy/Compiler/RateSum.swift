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

    /// The sum in the period of a rate, as a policy would write it, with up to three decimals.
    func description(inPeriodOf rate: Rate) -> String {
        let unit = Rate(amount: 1, period: rate.period).description.dropFirst()
        let (scaled, overflow) = numerator.multipliedReportingOverflow(by: Int128(rate.period.count) * 1_000)
        guard !overflow else { return "more than \(rate)" }
        // Rounded up: a sum that is over the limit must not look like the limit.
        let (thousandths, rest) = scaled.quotientAndRemainder(dividingBy: denominator)
        let (whole, decimals) = (thousandths + (rest > 0 ? 1 : 0)).quotientAndRemainder(dividingBy: 1_000)
        guard decimals > 0 else { return "\(whole)\(unit)" }
        let digits = String(decimals)
        return "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits + unit
    }

    private static func greatestCommonDivisor(_ first: Int128, _ second: Int128) -> Int128 {
        var (larger, smaller) = (first, second)
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        return larger
    }
}
