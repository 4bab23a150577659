package import Policy
internal import Vocabulary

/// A snapshot prepared for the engine: every number a decision needs, in flat tables of trivial values.
///
/// Made once per snapshot, shared by all threads, never changed. The tables are plain memory, so that a decision
/// neither retains nor releases anything but the blueprint itself.
package final class Blueprint: Sendable {
    /// The snapshot this was made from.
    package let snapshot: Snapshot
    /// Tells blueprints apart: the engine counts them up as it applies them.
    let generation: UInt64

    /// The service's budget; `nil`: not limited.
    let service: BudgetParameters?
    /// The tier of the unknown and the abusive.
    let quarantineTier: Int
    /// The bucket that all quarantined requests share.
    let quarantine: MeterParameters
    /// How many regions and tiers the snapshot has.
    let counts: (regions: Int, tiers: Int)
    /// What each shard may spend of the budgets that all tenants share, without asking for them.
    let leases: LeaseTable
    /// Where tenants of the snapshot before this one go.
    private let succession: Succession?

    /// The first plan that is one of a descriptor's limit.
    private let counterPlanStart: Int

    /// What tenants' budgets are read by.
    let tables: BudgetTables
    private let planTable: Table<PlanParameters>
    private let regionTable: Table<BudgetParameters>
    private let regionBases: Table<Int32>

    /// How long a bucket may take to fill before its level must survive a restart: below this, a restart gives at most
    /// what ten seconds give.
    static let durableFillNanoseconds: Int64 = 10_000_000_000

    /// Flattens a snapshot.
    ///
    /// - Precondition: there are at most as many plans as the header of a tenant can tell apart.
    /// - Complexity: O(plans × (classes + operations)).
    init(_ snapshot: Snapshot, generation: UInt64, after older: Snapshot? = nil) {
        precondition(
            snapshot.plansOfEngine.count <= NodeHeader.planCountMax, "\(snapshot.plansOfEngine.count) plans")
        var builder = BlueprintBuilder()
        succession = older.map { Succession(from: $0, generation: generation - 1, to: snapshot) }
        self.snapshot = snapshot
        self.generation = generation
        counterPlanStart = snapshot.plans.count
        service = snapshot.service.map { builder.append($0) }
        regionTable = Table(snapshot.regions.map { builder.append($0.budget) })
        planTable = Table(snapshot.plansOfEngine.map { builder.append($0) })
        quarantineTier = snapshot.quarantineTier
        quarantine = MeterParameters(snapshot.unknown.quarantine)
        counts = (snapshot.regions.count, snapshot.tiers.count)
        var base = SharedState.serviceBase + BudgetParameters.wordCount(lanes: snapshot.service?.lanes.count ?? 0)
        regionBases = Table(
            snapshot.regions.map { region in
                defer { base += BudgetParameters.wordCount(lanes: region.budget.lanes.count) }
                return Int32(base)
            })
        leases = LeaseTable(pairs: (snapshot.regions.count + 1) * snapshot.tiers.count, words: base)
        tables = BudgetTables(builder, of: snapshot)
    }

    /// Where tenants go that are laid out by an older blueprint.
    func succession(of older: Blueprint) -> Succession {
        if let succession, succession.generation == older.generation { return succession }
        return Succession(from: older.snapshot, generation: older.generation, to: snapshot)
    }

    /// All lanes of all budgets.
    @inline(__always)
    var lanes: Table<LaneParameters> { tables.lanes }
    /// The parameters of a plan.
    @inline(__always)
    func plan(_ index: Int) -> PlanParameters { planTable[index] }
    /// Whether a plan is that of a descriptor's limit, whose tenants are counters.
    func isCounter(plan: Int) -> Bool { plan >= counterPlanStart }
    /// The parameters of a region's budget.
    func region(_ index: Int) -> BudgetParameters { regionTable[index] }
    /// The unit of a region's budget.
    @inline(__always)
    func regionUnitsPerCost(_ index: Int) -> Int64 { regionTable[index].unitsPerCost }
    /// Where a region's words begin in the state that all tenants share.
    func regionBase(_ index: Int) -> Int { Int(regionBases[index]) }

    deinit {
        planTable.free()
        regionTable.free()
        tables.free()
        regionBases.free()
        leases.free()
    }
}
