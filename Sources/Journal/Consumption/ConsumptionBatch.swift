/// Whose use is counted, of what, and on which day.
///
/// Empty names where there is none: nobody is known, a trusted caller named the tenant alone, no operation matched.
package struct ConsumptionKey: Hashable, Sendable {
    /// The tenant's name.
    package var tenant: String
    /// The day, as `CalendarPeriod` numbers them, by the calendar of the tenant's plan.
    package var day: Int32
    /// The principal's name.
    package var principal: String
    /// The class's name.
    package var trafficClass: String
    /// The operation's name.
    package var operation: String

    /// States it.
    package init(tenant: String, day: Int32, principal: String, trafficClass: String, operation: String) {
        self.tenant = tenant
        self.day = day
        self.principal = principal
        self.trafficClass = trafficClass
        self.operation = operation
    }
}

/// How much was used.
package struct ConsumptionCount: Hashable, Sendable {
    /// Requests that went on.
    package var admitted: Int64
    /// Requests that got the answer of an earlier one.
    package var replayed: Int64
    /// Requests that were turned away.
    package var refused: Int64
    /// Cost units of those that went on.
    package var cost: Int64
    /// Bytes of the bodies of requests.
    package var bytesIn: Int64
    /// Bytes of the bodies of answers.
    package var bytesOut: Int64

    /// States it; nothing unless told otherwise.
    package init(
        admitted: Int64 = 0, replayed: Int64 = 0, refused: Int64 = 0, cost: Int64 = 0, bytesIn: Int64 = 0,
        bytesOut: Int64 = 0
    ) {
        self.admitted = admitted
        self.replayed = replayed
        self.refused = refused
        self.cost = cost
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
    }

    /// All requests.
    package var requests: Int64 { admitted + replayed + refused }

    /// Adds another count; numbers that would be too large stay the largest there are.
    package mutating func add(_ other: ConsumptionCount) {
        admitted = ConsumptionCount.sum(admitted, other.admitted)
        replayed = ConsumptionCount.sum(replayed, other.replayed)
        refused = ConsumptionCount.sum(refused, other.refused)
        cost = ConsumptionCount.sum(cost, other.cost)
        bytesIn = ConsumptionCount.sum(bytesIn, other.bytesIn)
        bytesOut = ConsumptionCount.sum(bytesOut, other.bytesOut)
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}

/// What was used since the last batch.
package struct ConsumptionBatch: Sendable {
    /// How much was used, of what.
    package private(set) var counts: [ConsumptionKey: ConsumptionCount] = [:]
    /// The minute since 1970 in which each key was used last, by the key's id.
    package private(set) var keys: [String: Int32] = [:]

    /// Nothing.
    package init() {}

    /// Whether nothing is in it.
    package var isEmpty: Bool { counts.isEmpty && keys.isEmpty }

    /// Adds to what was used.
    package mutating func add(_ count: ConsumptionCount, to key: ConsumptionKey) {
        counts[key, default: ConsumptionCount()].add(count)
    }

    /// Notes the use of a key.
    package mutating func note(key id: String, usedIn minute: Int32) { keys[id] = max(minute, keys[id] ?? 0) }
}
