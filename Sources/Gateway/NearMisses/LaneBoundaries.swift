internal import Admission
internal import Policy
internal import Vocabulary

/// Where a lane comes too close to its boundary, in the units of its budget.
struct LaneBoundary: Sendable, BitwiseCopyable {
    /// Less than this left to the lane is a near miss; `Int64.min` where the lane has nothing that is its own.
    let enter: Int64
    /// As soon as a request finds this much, the dip is over: twice the boundary, so that a level that trembles about
    /// the boundary is one near miss.
    let leave: Int64
    /// Units that the lane must leave in the pool.
    let holdback: Int64
    /// Whether the lane may draw on the pool.
    let borrows: Bool
    /// Tells lanes apart, by name: a policy that is loaded anew goes on with the dips of the one before.
    let seed: UInt64

    /// A lane without a guarantee, which nobody can come close to.
    static let unprotected = LaneBoundary(enter: .min, leave: .max, holdback: 0, borrows: false, seed: 0)

    /// What is left to a lane: its own bucket, and of the pool what it may draw.
    ///
    /// A lane spends its guarantee first and borrows then, so an empty bucket beside a rich pool is everyday. What
    /// threatens the lane is that both run dry.
    @inline(__always)
    func available(own: Int64, pool: Int64) -> Int64 { borrows ? own + max(0, pool - holdback) : own }
}

/// The boundaries of all lanes under one policy, flat.
///
/// A class, so that taking it along retains one thing and not each of its tables.
final class LaneBoundaries: Sendable {
    /// Service, regions, plans; the lanes of one budget stand together.
    private let boundaries: [LaneBoundary]
    private let planStarts: [Int]
    private let tierCount: Int

    /// Works the boundaries of a policy out.
    ///
    /// - Complexity: O(regions × tiers + plans × classes).
    init(_ policy: Snapshot) {
        tierCount = policy.tiers.count
        let tiers = policy.tiers.map { (name: $0.name, share: $0.nearMissBasisPoints) }
        var all = tiers.indices.map { LaneBoundary(policy.service, lane: $0, tiers[$0], in: "service") }
        for region in policy.regions {
            all += tiers.indices.map { LaneBoundary(region.budget, lane: $0, tiers[$0], in: "region \(region.name)") }
        }
        var starts: [Int] = []
        for plan in policy.enginePlans {
            starts.append(all.count)
            for (lane, index) in plan.classOfLane.enumerated() {
                let owner =
                    index < 0 ? ("", 0) : (policy.classes[index].name, policy.classes[index].nearMissBasisPoints)
                all.append(LaneBoundary(plan.tenant, lane: lane, owner, in: "tenant"))
            }
        }
        boundaries = all
        planStarts = starts
    }

    /// The boundary of the lane that a reading is of.
    ///
    /// - Parameters:
    ///   - reading: one of a budget with lanes, and of a lane of it.
    ///   - region: the region that was asked; -1: none.
    ///   - plan: the plan of the tenant; -1: nobody is known.
    /// - Returns: the boundary, `unprotected` where the budget is none that this policy knows.
    @inline(__always)
    func boundary(of reading: BudgetReading, region: Int, plan: Int) -> LaneBoundary {
        switch reading.level {
        case .service: boundaries[reading.index]
        case .region where region >= 0: boundaries[(region + 1) * tierCount + reading.index]
        case .tenant where plan >= 0, .trafficClass where plan >= 0: boundaries[planStarts[plan] + reading.index]
        default: .unprotected
        }
    }
}

extension LaneBoundary {
    /// The boundary of a lane, at a share of its guarantee in hundredths of a percent; none without a guarantee.
    fileprivate init(_ budget: Budget?, lane index: Int, _ owner: (name: String, share: Int64), in place: String) {
        guard let budget, index < budget.lanes.count, budget.lanes[index].capacity > 0 else {
            self = .unprotected
            return
        }
        let lane = budget.lanes[index]
        let enter = Int64(UInt128(lane.capacity) * UInt128(owner.share) / 10_000)
        self.init(
            enter: enter, leave: min(lane.capacity, max(enter * 2, budget.unitsPerCost)), holdback: lane.holdback,
            borrows: lane.borrows, seed: LaneBoundary.seed([place, owner.name]))
    }

    /// A number for a lane: the 64-bit FNV-1a hash of its names, each ended by a byte that no UTF-8 has.
    static func seed(_ names: [String]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in names {
            // Wraps by definition of the hash.
            for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        return hash
    }
}
