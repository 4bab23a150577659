package import Vocabulary

/// How much is asked for of late beyond the reserves, by tier and cohort, in seats: from the less protected end of it a
/// threshold cuts off what does not fit.
///
/// Halved with every window, so the last two or three count. Sixteen kilobytes at most; adding is one addition.
package struct Demand: Sendable {
    /// By tier and cohort before any turn, times `scale`.
    private var seats: [Int64]
    /// How many tiers there are.
    package let tierCount: Int
    /// So that halving keeps single requests for some windows.
    private static let scale: Int64 = 256

    /// Nothing is asked for.
    package init(tierCount: Int) {
        self.tierCount = tierCount
        seats = [Int64](repeating: 0, count: tierCount * AdmissionThreshold.cohortCount)
    }

    /// A request asks for seats.
    package mutating func add(_ count: Int, of tenant: TenantKey, tier: Int) {
        let cohort = AdmissionThreshold.open.cohort(of: tenant)
        seats[tier * AdmissionThreshold.cohortCount + cohort] += Int64(count) * Demand.scale
    }

    /// A window has ended: what was asked for in it counts half from now on.
    package mutating func age() {
        for index in seats.indices { seats[index] /= 2 }
    }

    /// All that is asked for in a window.
    package var total: Int64 { seats.reduce(0, +) / (2 * Demand.scale) }

    /// What a threshold lets in of it.
    package func admitted(by threshold: AdmissionThreshold) -> Int64 {
        sum(below: level(of: threshold), rotation: threshold.rotation)
    }

    /// The lowest threshold that lets in at least so much; `open` if that is everything.
    ///
    /// - Complexity: O(tiers × cohorts).
    package func threshold(admitting wanted: Int64, rotation: UInt8) -> AdmissionThreshold {
        threshold(rotation: rotation) { _ in wanted }
    }

    /// The same where each tier has an amount of its own that may be let in down to it.
    package func threshold(rotation: UInt8, admitting wanted: (Int) -> Int64) -> AdmissionThreshold {
        var sum: Int64 = 0
        for tier in 0..<tierCount {
            let most = max(0, wanted(tier)) * 2 * Demand.scale
            for cohort in 0..<AdmissionThreshold.cohortCount {
                let level = tier * AdmissionThreshold.cohortCount + cohort
                let next = self[level, rotation]
                guard next > 0 else { continue }
                guard sum < most else { return Demand.threshold(level, rotation: rotation) }
                sum += next
            }
        }
        return .open
    }

    private func sum(below level: Int, rotation: UInt8) -> Int64 {
        (0..<min(level, seats.count)).reduce(0) { $0 + self[$1, rotation] } / (2 * Demand.scale)
    }

    /// The demand at a level: cohorts counted through all tiers, from the most protected one on.
    private subscript(level: Int, rotation: UInt8) -> Int64 {
        let cohorts = AdmissionThreshold.cohortCount
        let cohort = (level % cohorts - Int(rotation)) & (cohorts - 1)
        return seats[level / cohorts * cohorts + cohort]
    }

    private func level(of threshold: AdmissionThreshold) -> Int {
        guard threshold.tier < tierCount else { return seats.count }
        return threshold.tier * AdmissionThreshold.cohortCount + threshold.cohort
    }

    private static func threshold(_ level: Int, rotation: UInt8) -> AdmissionThreshold {
        let cohorts = AdmissionThreshold.cohortCount
        return AdmissionThreshold(tier: level / cohorts, cohort: level % cohorts, rotation: rotation)
    }
}
