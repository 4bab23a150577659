internal import Vocabulary

/// One run of the compiler: checks a document as a whole and lowers it.
///
/// Every step goes on where it can: what cannot be resolved is `nil` and has been reported, and checks look only at
/// what could be. A snapshot is made only when nothing was wrong.
struct Compilation {
    /// What the author wrote.
    let document: PolicyDocument
    /// What is wrong.
    var log: DiagnosticLog

    /// The tiers that the author names, in protection order.
    let tierNames: NameTable
    /// The classes, sorted by name.
    let classes: [PolicyDocument.TrafficClass]
    /// Their names.
    let classNames: NameTable
    /// The operations, sorted by name.
    let operations: [PolicyDocument.Operation]
    /// Their names.
    let operationNames: NameTable
    /// The plans, sorted by name.
    let plans: [PolicyDocument.Plan]
    /// Their names.
    let planNames: NameTable

    /// Sorts the document and prepares to look names up.
    init(_ document: PolicyDocument, log: DiagnosticLog) {
        self.document = document
        self.log = log
        tierNames = NameTable("tier", document.tiers.map(\.name.value))
        classes = document.classes.sorted { $0.name.value < $1.name.value }
        classNames = NameTable("class", classes.map(\.name.value))
        operations = document.operations.sorted { $0.name.value < $1.name.value }
        operationNames = NameTable("operation", operations.map(\.name.value))
        plans = document.plans.sorted { $0.name.value < $1.name.value }
        planNames = NameTable("plan", plans.map(\.name.value))
    }

    /// Checks everything and lowers it.
    ///
    /// - Returns: the snapshot, or `nil` if anything is wrong.
    mutating func run() -> Snapshot? {
        let tiers = lowerTiers()
        let seats = lowerSeats()
        let stages = lowerStages()
        let classes = lowerClasses(stages)
        let stageOrder = lowerStageOrder(stages)
        let operations = lowerOperations()
        let matcher = lowerMatcher()
        let defaultClass = resolveDefaultClass()
        let service = document.service.map { lower($0, of: "the service") }
        let regions = lowerRegions()
        let plans = lowerPlans()
        let unknown = lowerUnknown()
        let repeats = lowerRepeats()
        let descriptors = lowerDescriptors()
        let abuse = lowerAbuse()
        let health = lowerHealth()
        let bounds = lowerBounds()
        checkCosts(
            CostCheck(
                classes: classes, operations: operations, defaultClass: defaultClass, service: service ?? nil,
                regions: regions, plans: plans, unknown: unknown, tiers: tiers))
        checkUse(of: classes, operations)
        checkTests()
        guard !log.containsErrors, let name = document.name, let owner = document.owner, let defaultClass, let unknown
        else { return nil }
        let meaning = PolicyMeaning(
            name: name.value, owner: owner.value, tiers: tiers, classes: classes.compactMap { $0 },
            operations: operations.compactMap { $0 }, plans: plans.compactMap { $0 },
            regions: regions.compactMap { $0 }, service: service ?? nil, seats: seats, unknown: unknown,
            repeats: repeats,
            defaultClass: defaultClass, stageOrder: stageOrder,
            patterns: self.operations.map { $0.patterns.map(\.pattern) },
            domains: descriptors.domains, descriptorAttributes: descriptors.attributes, abuse: abuse,
            health: health, bounds: bounds)
        return meaning.snapshot(matcher: matcher)
    }
}
