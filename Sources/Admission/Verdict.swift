package import Vocabulary

/// What the engine says of one request, with every budget it looked at.
///
/// A plain value, no allocation.
package struct Verdict {
    /// Whether the request goes on, after the stage was taken into account.
    package var isAdmitted = true
    /// Why.
    package var reason = Reason.withinGuarantee
    /// What enforcement would have said, where the stage is milder and it would have refused.
    package var wouldBe: Reason?
    /// The index of the reading that decided: the budget that refused, or the one that paid; -1: no budget was asked.
    package var deciding = -1
    /// When the same request would be admitted if nobody else came; `nil` when admitted, or when waiting cannot help.
    package var retryAfter: Nanoseconds?
    /// The classes of this tenant that were active in this or the previous second, one bit per class.
    package var activeClasses: UInt64 = 0
    /// How many readings there are.
    package var readingCount = 0
    /// Whether every budget looked at so far admits the request.
    private(set) var isSufficient = true
    /// Whether what is shared was paid from a lease.
    var isLeased = false
    /// The budgets that were looked at: tenant, class, operation, quotas, quarantine, region, service.
    package var readings = InlineArray<12, BudgetReading>(repeating: BudgetReading())

    /// The most quotas one plan may have: what the readings leave room for.
    package static let quotaCountMax = 6

    /// An empty verdict to hand to the engine.
    package init() {}

    /// Forgets what a verdict says, but does not write its readings over: nobody reads those beyond `readingCount`.
    @inline(__always)
    package mutating func reset() {
        isAdmitted = true
        reason = .withinGuarantee
        wouldBe = nil
        deciding = -1
        retryAfter = nil
        activeClasses = 0
        readingCount = 0
        isSufficient = true
        isLeased = false
    }

    /// Notes one more budget that was looked at.
    @inline(__always)
    mutating func append(_ reading: BudgetReading) {
        precondition(readingCount < readings.count, "\(readingCount) readings")
        readings[readingCount] = reading
        readingCount += 1
        if reading.wait != 0 { isSufficient = false }
    }

    /// Takes the last readings back, so that the budgets they are of can be looked at again.
    mutating func removeReadings(from count: Int) {
        readingCount = count
        isSufficient = (0..<count).allSatisfy { readings[$0].isSufficient }
    }
}

/// One budget as a decision saw it, in that budget's own units.
package struct BudgetReading {
    /// Where in the hierarchy.
    package var level = BudgetLevel.service
    /// What kind of budget it is.
    package var kind = Kind.lanes
    @usableFromInline var storedIndex: Int32 = -1
    /// Which lane, meter or quota of that level; -1: no lane.
    @inlinable package var index: Int {
        get { Int(storedIndex) }
        set { storedIndex = Int32(truncatingIfNeeded: newValue) }
    }
    /// What the lane's own bucket, the meter or the quota still held, before this request.
    package var own: Int64 = 0
    /// What the pool held, before this request.
    package var pool: Int64 = 0
    /// What the request needs.
    package var need: Int64 = 0
    /// Units in one cost unit.
    package var unitsPerCost: Int64 = 1
    /// Nanoseconds until this budget alone would admit the request: 0 when it does, -1 when it never will.
    package var wait: Int64 = 0

    /// What kind of budget a reading is about.
    package enum Kind: UInt8, Sendable {
        /// The budget with lanes of the service, a region or a tenant.
        case lanes
        /// The ceiling of a class's lane.
        case ceiling
        /// The budget of one operation.
        case operation
        /// A calendar allowance.
        case quota
        /// The bucket that all quarantined requests share.
        case quarantine
    }

    /// Whether this budget admits the request.
    package var isSufficient: Bool { wait == 0 }

    /// A reading of nothing.
    package init() {}

    /// States a reading.
    @inline(__always)
    init(
        level: BudgetLevel, kind: Kind, index: Int, own: Int64, pool: Int64, need: Int64, unitsPerCost: Int64,
        wait: Int64
    ) {
        self.level = level
        self.kind = kind
        storedIndex = Int32(truncatingIfNeeded: index)
        self.own = own
        self.pool = pool
        self.need = need
        self.unitsPerCost = unitsPerCost
        self.wait = wait
    }
}
