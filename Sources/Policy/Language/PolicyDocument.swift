internal import Vocabulary

/// A policy as its author wrote it: typed, with positions, without defaults.
///
/// What could not be read is missing here and has been reported. The compiler checks a document as a whole, fills in
/// defaults and lowers it to a `Snapshot`.
struct PolicyDocument {
    /// Where the first file begins: the place for what is missing.
    var start: SourceSpan
    /// `name`.
    var name: Located<String>?
    /// `owner`.
    var owner: Located<String>?
    /// `tiers`, in the order of the file.
    var tiers: [Tier] = []
    /// `service`.
    var service: BudgetSpecification?
    /// `regions`.
    var regions: [Region] = []
    /// `seats`.
    var seats = Seats()
    /// `defaults.class`.
    var defaultClass: Located<String>?
    /// `defaults.timeZone`.
    var zone: CalendarZone?
    /// `classes`.
    var classes: [TrafficClass] = []
    /// `operations`.
    var operations: [Operation] = []
    /// `plans`.
    var plans: [Plan] = []
    /// `unknown`.
    var unknown = Unknown()
    /// `idempotency`.
    var idempotency = Idempotency()
    /// `stages`.
    var stages = Stages()
    /// `descriptors`.
    var domains: [Domain] = []
    /// `abuse`; `nil` if it is not there.
    var abuse: Abuse?
    /// `health`; `nil` if it is not there.
    var health: Health?
    /// `governance`.
    var governance = Governance()
    /// `tests`.
    var tests: [PolicyTest] = []

    /// How much a policy may hold: engine and records count with small numbers, and a policy must stay reviewable.
    enum Limit {
        /// Tiers that an author names; `quarantine` comes on top.
        static let tiers = 8
        /// Classes.
        static let classes = 64
        /// Operations.
        static let operations = 10_000
        /// Patterns of one operation.
        static let patterns = 64
        /// Rules of one operation, keys of one rule, and values of one condition.
        static let rules = 64
        /// Plans.
        static let plans = 256
        /// Regions.
        static let regions = 256
        /// Budgets of single operations in one plan: every tenant of the plan has room for each of them.
        static let operationBudgets = 512
        /// Features of one plan.
        static let features = 256
        /// Blackouts.
        static let blackouts = 256
        /// Domains of descriptors.
        static let domains = 256
        /// Keys of one domain that have meanings.
        static let descriptorKeys = 64
        /// Limits of one domain, nested ones included, and of all domains together: each has a plan of its own.
        static let descriptorLimits = 10_000
        /// How deep limits are nested: as many entries as anybody writes into a descriptor, and few enough for YAML's
        /// depth.
        static let descriptorDepth = 8
        /// Limits that one replaces.
        static let replacedLimits = 64
        /// Bytes of the name of a domain and of a key of a descriptor.
        static let descriptorKeyBytes = 256
        /// Bytes of a value of a descriptor, which may be a path.
        static let descriptorValueBytes = 1_024
        /// Requests per unit of time: what 32 bits hold, as in Envoy's protocol.
        static let requests: Int64 = 4_294_967_295
        /// Seats: each costs a fraction of a kilobyte from the start, and no upstream works on more at once.
        static let seats: Int64 = 100_000
        /// Requests that wait: each costs a fraction of a kilobyte from the start.
        static let waiting: Int64 = 1_000_000
        /// Seats of one call, and the weight of a plan: what the scheduler's arithmetic holds.
        static let weight: Int64 = 65_535
        /// Rules against abuse: each has a table of its own.
        static let abuseRules = 16
        /// Warnings of one quota.
        static let quotaWarnings = 8
        /// Tenants of one plan that may deviate from it.
        static let exceptions: ClosedRange<Int64> = 0...1_000_000
        /// Signals of health: all of them are looked at several times a second.
        static let healthSignals = HealthPolicy.signalsMax
        /// The numbers of signals: whatever is counted or measured, and far below overflow.
        static let signalNumbers: ClosedRange<Int64> = 0...1_000_000_000_000_000
        /// How much slower than usual is stress: up to a hundred times.
        static let slowdown: ClosedRange<Int64> = 10...10_000
        /// Authentication context classes of a challenge.
        static let acrValues = 16
        /// Windows in the history of a spike: a mean over more is not counted exactly enough.
        static let historyWindows: Int64 = 10_000
        /// Tests.
        static let tests = 10_000
        /// The cost of one call: far above any sense, far below overflow.
        static let cost: Int64 = 1_000_000_000
        /// How long an idempotency key is remembered.
        static let idempotencyWindow = Nanoseconds.second...Nanoseconds(31 * Nanoseconds.day.count)
        /// Idempotency keys that are remembered for one tenant.
        static let idempotencyKeys: ClosedRange<Int64> = 1...1_000_000
        /// Bytes of the answers that are stored for one tenant.
        static let answerBytes: ClosedRange<Int64> = 1 << 16...1 << 30
        /// Bytes of the body of an answer that is stored; it lies in memory.
        static let answerBodyBytes: ClosedRange<Int64> = 0...16 << 20
        /// Repeats of one idempotency key that are not charged.
        static let repeats: ClosedRange<Int64> = 0...1_000
    }

    /// A budget with its name: a region.
    struct Region {
        /// The name.
        var name: Located<String>
        /// The budget; `nil` if it could not be read.
        var budget: BudgetSpecification?
    }
}
