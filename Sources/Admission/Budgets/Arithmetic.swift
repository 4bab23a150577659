/// The largest product the arithmetic keeps apart: half of what 64 bits hold.
///
/// So a level (at most a quarter) plus a product never overflows. Every bucket is far smaller, so everything above
/// means "more than full".
private let productMax = Int64.max / 2

/// Units that flow in over a time, saturating.
///
/// - Complexity: one multiplication.
@inline(__always)  // called once per lane and decision; the call would cost more than the work
func inflowUnits(_ inflow: Int64, over nanoseconds: Int64) -> Int64 {
    let (product, overflow) = inflow.multipliedReportingOverflow(by: nanoseconds)
    return overflow ? productMax : min(product, productMax)
}

/// The quotient rounded up, of two numbers that are not negative.
func quotientRoundedUp(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    dividend / divisor + (dividend % divisor == 0 ? 0 : 1)
}

/// Cost in units of a bucket; more than any bucket holds if the product does not fit.
@inline(__always)  // once per level and decision
func units(ofCost cost: Int64, unitsPerCost: Int64) -> Int64 {
    let (product, overflow) = cost.multipliedReportingOverflow(by: unitsPerCost)
    return overflow ? .max : product
}
