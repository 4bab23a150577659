internal import Policy

/// Where the parts of one plan stand in another layout, by their names.
struct LayoutMap {
    private let older: Snapshot
    private let newer: Snapshot
    private let source: Plan
    private let target: Plan
    private let isSame: Bool

    /// Compares a plan of one blueprint with a plan of another, or of the same.
    init(from older: Blueprint, plan source: Int, to newer: Blueprint, plan target: Int) {
        self.older = older.snapshot
        self.newer = newer.snapshot
        self.source = older.snapshot.plansOfEngine[source]
        self.target = newer.snapshot.plansOfEngine[target]
        isSame = older === newer && source == target
    }

    /// The lane of the same class; -1: there is none.
    func lane(_ lane: Int) -> Int {
        guard !isSame, lane >= 0 else { return lane }
        let name = older.classes[source.classOfLane[lane]].name
        return newer.classes.firstIndex { $0.name == name }.map { target.laneOfClass[$0] } ?? -1
    }

    /// The meter of the same operation.
    func meter(_ meter: Int) -> Int? {
        guard !isSame else { return meter }
        guard let operation = source.meterOfOperation.firstIndex(of: meter) else { return nil }
        let name = older.operations[operation].name
        let found = newer.operations.firstIndex { $0.name == name }.map { target.meterOfOperation[$0] } ?? -1
        return found >= 0 ? found : nil
    }

    /// The quota of the same unit and period.
    func quota(_ quota: Int) -> Int? {
        guard !isSame else { return quota }
        let before = source.quotas[quota]
        return target.quotas.firstIndex { $0.unit == before.unit && $0.period == before.period }
    }
}
