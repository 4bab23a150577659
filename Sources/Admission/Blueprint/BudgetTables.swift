internal import Policy

/// The tables of a blueprint that tenants' budgets are read by, without the blueprint.
///
/// A trivial value: whoever has it retains nothing. That matters where two threads decide by one blueprint, whose count
/// of references would wander between them. It may be used as long as the blueprint lives.
struct BudgetTables {
    /// All lanes of all budgets.
    let lanes: Table<LaneParameters>
    private let meters: Table<MeterParameters>
    private let quotas: Table<QuotaParameters>
    private let laneOfClass: Table<Int32>
    private let meterOfOperation: Table<Int32>
    private let classCount: Int
    private let operationCount: Int

    /// Copies what the builder has collected.
    init(_ builder: BlueprintBuilder, of snapshot: Snapshot) {
        let plans = snapshot.plansOfEngine
        lanes = Table(builder.lanes)
        meters = Table(builder.meters)
        quotas = Table(builder.quotas)
        laneOfClass = Table(plans.flatMap { $0.laneOfClass.map(Int32.init) })
        meterOfOperation = Table(plans.flatMap { $0.meterOfOperation.map(Int32.init) })
        classCount = snapshot.classes.count
        operationCount = snapshot.operations.count
    }

    /// The parameters of a meter.
    @inline(__always)
    func meter(_ index: Int) -> MeterParameters { meters[index] }
    /// The parameters of a quota.
    @inline(__always)
    func quota(_ index: Int) -> QuotaParameters { quotas[index] }
    /// The lane of a class in a plan; -1: the class has none.
    @inline(__always)
    func lane(plan: Int, trafficClass: Int) -> Int {
        trafficClass < 0 ? -1 : Int(laneOfClass[plan * classCount + trafficClass])
    }
    /// The meter of an operation in a plan, counted within the plan; -1: none.
    @inline(__always)
    func meter(plan: Int, operation: Int) -> Int {
        operation < 0 ? -1 : Int(meterOfOperation[plan * operationCount + operation])
    }

    /// Gives the memory back; nothing may use the tables afterwards.
    func free() {
        lanes.free()
        meters.free()
        quotas.free()
        laneOfClass.free()
        meterOfOperation.free()
    }
}
