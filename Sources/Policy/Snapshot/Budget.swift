package import Vocabulary

/// A budget with lanes, compiled: exact integers, one unit for all of its buckets.
///
/// Design §4.1: each lane keeps its guarantee in a bucket of its own, the rest of the budget is a shared pool. A lane
/// that overflows lends to the pool; units are common to the whole budget, so lending is a plain addition and what
/// the budget admits over any interval of length T is at most `burst + rate·T`, by conservation.
package struct Budget: Hashable, Sendable {
    /// The ceiling in each envelope, as the policy states it: baseline, burst, overload.
    package let rates: [Rate]
    /// How many cost units all full buckets hold together.
    package let burst: Int64
    /// Units in one cost unit.
    package let unitsPerCost: Int64
    /// Units that flow into the pool per nanosecond in each envelope: the ceiling less all guarantees.
    package let poolInflow: [Int64]
    /// Units in the full pool: the budget's burst less the lanes' bursts.
    package let poolCapacity: Int64
    /// The lanes, in the order the budget's owner gives them.
    package let lanes: [Lane]

    /// One lane of a budget.
    package struct Lane: Hashable, Sendable {
        /// The guaranteed rate, if there is one.
        package let guarantee: Rate?
        /// How many cost units the lane's own full bucket holds; 0 without a guarantee.
        package let guaranteeBurst: Int64
        /// Units that flow into the lane's own bucket per nanosecond.
        package let inflow: Int64
        /// Units in the lane's own full bucket.
        package let capacity: Int64
        /// Whether the lane's overflow flows into the pool.
        package let lends: Bool
        /// Whether the lane may draw on the pool.
        package let borrows: Bool
        /// Units that this lane must leave in the pool: work that is shed earlier leaves more.
        package let holdback: Int64
        /// The limit on all that the lane spends, own and borrowed, if the policy states one.
        package let ceiling: Meter?

        /// The most units one request of this lane can ever find.
        package func reachable(poolCapacity: Int64) -> Int64 {
            capacity + (borrows ? max(0, poolCapacity - holdback) : 0)
        }
    }

    /// What a lane asks for, before compilation.
    package struct LaneRequest: Hashable, Sendable {
        /// The guaranteed rate, if any.
        package var guarantee: Rate?
        /// The burst of the guarantee in cost units; `nil` means the amount of one period.
        package var guaranteeBurst: Int64?
        /// An isolated lane neither borrows nor lends.
        package var isolated: Bool
        /// The share of the full pool, in hundredths of a percent, that the lane must leave.
        package var holdbackBasisPoints: Int64
        /// The limit on all the lane spends.
        package var ceiling: Meter?

        /// States what a lane asks for.
        package init(
            guarantee: Rate? = nil, guaranteeBurst: Int64? = nil, isolated: Bool = false,
            holdbackBasisPoints: Int64 = 0, ceiling: Meter? = nil
        ) {
            self.guarantee = guarantee
            self.guaranteeBurst = guaranteeBurst
            self.isolated = isolated
            self.holdbackBasisPoints = holdbackBasisPoints
            self.ceiling = ceiling
        }
    }

    /// Why a budget cannot be compiled.
    package enum Problem: Error, Hashable, Sendable {
        /// The guarantees together exceed the ceiling of at least one envelope.
        case guaranteesExceedCeiling
        /// The lanes' bursts together exceed the budget's burst; the sum of the lanes' bursts is attached.
        case laneBurstsExceedBurst(sum: Int64)
        /// The rates have no common unit that 64 bits can count exactly with this burst.
        case tooFine
    }

    /// Compiles ceilings and lanes.
    ///
    /// - Parameters:
    ///   - rates: the ceiling per envelope, baseline first; one entry means the same in all three.
    ///   - burst: cost units that all full buckets hold together; positive.
    ///   - requests: what each lane asks for.
    /// - Throws: the first problem that makes the budget impossible.
    /// - Complexity: O(lanes).
    package init(rates: [Rate], burst: Int64, lanes requests: [LaneRequest]) throws(Problem) {
        precondition(rates.count == 1 || rates.count == Envelope.allCases.count, "one rate, or one per envelope")
        precondition(burst > 0, "a burst is positive (is \(burst))")
        let all = rates.count == 1 ? [rates[0], rates[0], rates[0]] : rates
        let scale = try Budget.commonScale(of: all + requests.compactMap(\.guarantee))
        self.rates = all
        self.burst = burst
        unitsPerCost = scale.unitsPerCost
        let capacity = try Budget.checked(burst, times: scale.unitsPerCost)

        var inflowSum: Int64 = 0
        var burstSum: Int64 = 0
        var capacities: [(inflow: Int64, burst: Int64)] = []
        for request in requests {
            let inflow = try request.guarantee.map { (rate) throws(Problem) in try scale.inflow(rate) } ?? 0
            let laneBurst = request.guarantee.map { request.guaranteeBurst ?? $0.amount } ?? 0
            capacities.append((inflow, laneBurst))
            inflowSum = try Budget.checked(inflowSum, plus: inflow)
            burstSum = try Budget.checked(burstSum, plus: laneBurst)
        }
        var poolInflow: [Int64] = []
        for rate in all { poolInflow.append(try scale.inflow(rate) - inflowSum) }
        guard poolInflow.allSatisfy({ $0 >= 0 }) else { throw .guaranteesExceedCeiling }
        guard burstSum <= burst else { throw .laneBurstsExceedBurst(sum: burstSum) }
        self.poolInflow = poolInflow
        let pool = capacity - burstSum * scale.unitsPerCost
        poolCapacity = pool
        lanes = zip(requests, capacities).map { request, own in
            Lane(
                guarantee: request.guarantee, guaranteeBurst: own.burst, inflow: own.inflow,
                capacity: own.burst * scale.unitsPerCost, lends: !request.isolated, borrows: !request.isolated,
                holdback: Int64(UInt128(pool) * UInt128(request.holdbackBasisPoints) / 10_000),
                ceiling: request.ceiling)
        }
    }

    /// A budget without lanes that never refuses what can be counted at all: a quota beside it decides.
    ///
    /// It holds the most that a bucket can, in whole cost units, and is full again after a nanosecond.
    package static let unlimited = Budget()

    private init() {
        let all = Rate(amount: Meter.capacityMax, period: Nanoseconds(1))
        rates = [all, all, all]
        burst = Meter.capacityMax
        unitsPerCost = 1
        poolInflow = [Meter.capacityMax, Meter.capacityMax, Meter.capacityMax]
        poolCapacity = Meter.capacityMax
        lanes = []
    }

    /// The unit that all rates of one budget share: the least common multiple of their periods, reduced.
    private struct Scale {
        var period: Int64
        var divisor: Int64
        var unitsPerCost: Int64 { period / divisor }

        func inflow(_ rate: Rate) throws(Problem) -> Int64 {
            try Budget.checked(rate.amount, times: period / rate.period.count) / divisor
        }
    }

    private static func commonScale(of rates: [Rate]) throws(Problem) -> Scale {
        var period: Int64 = 1
        for rate in rates {
            period = try checked(
                period / greatestCommonDivisor(period, rate.period.count), times: rate.period.count)
        }
        var divisor = period
        for rate in rates {
            divisor = greatestCommonDivisor(divisor, try checked(rate.amount, times: period / rate.period.count))
        }
        return Scale(period: period, divisor: divisor)
    }

    private static func checked(_ left: Int64, times right: Int64) throws(Problem) -> Int64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        guard !overflow, product <= Meter.capacityMax else { throw .tooFine }
        return product
    }

    private static func checked(_ left: Int64, plus right: Int64) throws(Problem) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow, sum <= Meter.capacityMax else { throw .tooFine }
        return sum
    }
}
