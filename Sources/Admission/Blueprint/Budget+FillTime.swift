internal import Policy

extension Meter {
    /// Nanoseconds until the bucket is full, starting from empty.
    var fillTime: Int64 { quotientRoundedUp(capacity, inflow) }
}

extension Budget {
    /// Nanoseconds until every bucket of the budget is full, starting from empty, saturating.
    var fillTime: Int64 {
        var longest: Int64 = 0
        for lane in lanes where lane.inflow > 0 {
            longest = max(longest, quotientRoundedUp(lane.capacity, lane.inflow))
        }
        guard poolCapacity > 0 else { return longest }
        if poolInflow[0] > 0 { return max(longest, quotientRoundedUp(poolCapacity, poolInflow[0])) }
        // The pool lives from what lanes overflow, once they are full; the slowest lender is a safe bound.
        let slowest = lanes.filter { $0.lends && $0.inflow > 0 }.map(\.inflow).min()
        guard let slowest else { return .max }
        let (sum, overflow) = longest.addingReportingOverflow(quotientRoundedUp(poolCapacity, slowest))
        return overflow ? .max : sum
    }

    /// Whether what it holds must survive a restart: pool and lanes together, since one overflows into the other.
    var isDurable: Bool { fillTime > Blueprint.durableFillNanoseconds }
}

extension Plan {
    /// Nanoseconds until every bucket of a tenant is full, starting from empty, saturating.
    var fillTime: Int64 {
        (operationMeters + tenant.lanes.compactMap(\.ceiling)).reduce(tenant.fillTime) { max($0, $1.fillTime) }
    }
}
