extension DiagnosticCode {
    /// A file that cannot be read at all.
    package static let unreadableFile = DiagnosticCode("unreadable-file")
    /// A name that is kept for something built in.
    static let reservedName = DiagnosticCode("reserved-name")
    /// Reserved shares above the whole.
    static let reservesExceedWhole = DiagnosticCode("reserves-exceed-whole")
    /// Guarantees above the ceiling they are taken from.
    static let guaranteesExceedCeiling = DiagnosticCode("guarantees-exceed-ceiling")
    /// Guarantees of one tenant above what the whole service gets.
    static let guaranteesExceedService = DiagnosticCode("guarantees-exceed-service")
    /// Bursts of lanes above the burst they are taken from.
    static let burstsExceedBurst = DiagnosticCode("bursts-exceed-burst")
    /// A burst of which a reserved share is less than one cost unit.
    static let burstTooSmall = DiagnosticCode("burst-too-small")
    /// A class whose ceiling is below its guarantee.
    static let ceilingBelowGuarantee = DiagnosticCode("ceiling-below-guarantee")
    /// Numbers that 64 bits cannot count exactly.
    static let notExact = DiagnosticCode("not-exact")
    /// A call that costs more than a budget can ever hold.
    static let costExceedsBudget = DiagnosticCode("cost-exceeds-budget")
    /// A call that costs more than the budget of some callers' class can ever hold.
    static let costExceedsClass = DiagnosticCode("cost-exceeds-class")
    /// Two classes that must not compete and do.
    static let competingClasses = DiagnosticCode("competing-classes")
    /// A protected class without an answer to being limited.
    static let missingOnLimit = DiagnosticCode("missing-on-limit")
    /// An isolated class with nothing to spend.
    static let isolatedWithoutGuarantee = DiagnosticCode("isolated-without-guarantee")
    /// Two patterns that match the same.
    static let identicalOperations = DiagnosticCode("identical-operations")
    /// Two patterns of which neither is narrower.
    static let ambiguousOperations = DiagnosticCode("ambiguous-operations")
    /// A pattern that never matches.
    static let unreachableOperation = DiagnosticCode("unreachable-operation")
    /// A rule that never gets its turn.
    static let unreachableRule = DiagnosticCode("unreachable-rule")
    /// A rule without a condition.
    static let unconditionalRule = DiagnosticCode("unconditional-rule")
    /// An attribute that looks like a misspelt key.
    static let suspiciousAttribute = DiagnosticCode("suspicious-attribute")
    /// A class that is behind one that graduates later.
    static let stageOrder = DiagnosticCode("stage-order")
    /// A protected class without a guarantee in a plan.
    static let protectedWithoutGuarantee = DiagnosticCode("protected-without-guarantee")
    /// A governed class where it surprises.
    static let governedClass = DiagnosticCode("governed-class")
    /// A feature that nobody has.
    static let featureInNoPlan = DiagnosticCode("feature-in-no-plan")
    /// A tier without work.
    static let unusedTier = DiagnosticCode("unused-tier")
    /// Blackouts that contradict one another.
    static let blackoutConflict = DiagnosticCode("blackout-conflict")
    /// Keys of descriptors that do not say who calls or what for.
    static let incompleteMapping = DiagnosticCode("incomplete-mapping")
    /// A limit of descriptors that nothing can come to.
    static let unreachableLimit = DiagnosticCode("unreachable-limit")
    /// Something stated that changes nothing.
    static let noEffect = DiagnosticCode("no-effect")
}
