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
    /// How much was used, of what; several of one key are added up when they are written.
    package private(set) var rows: [Row] = []
    /// The minute since 1970 in which each key was used last, by the key's id.
    package private(set) var keys: [String: Int32] = [:]

    /// Use of one kind.
    package typealias Row = (key: ConsumptionKey, count: ConsumptionCount)

    /// Nothing.
    package init() {}

    /// Whether nothing is in it.
    package var isEmpty: Bool { rows.isEmpty && keys.isEmpty }

    /// Adds to what was used.
    package mutating func add(_ count: ConsumptionCount, to key: ConsumptionKey) { rows.append((key, count)) }

    /// Notes the use of a key.
    package mutating func note(key id: String, usedIn minute: Int32) { keys[id] = max(minute, keys[id] ?? 0) }

    /// The rows in their order on the disk, so that neighbours are written together; each key once.
    ///
    /// - Complexity: O(n log n) in rows.
    func arranged() -> [Row] {
        var places = rows.indices.map { Place(start: UInt128(start: rows[$0].key.tenant), index: $0) }
        places.sort { $0.start == $1.start ? rows[$0.index].key < rows[$1.index].key : $0.start < $1.start }
        var arranged: [Row] = []
        arranged.reserveCapacity(rows.count)
        for place in places {
            let row = rows[place.index]
            if let last = arranged.last, last.key == row.key {
                arranged[arranged.count - 1].count.add(row.count)
            } else {
                arranged.append(row)
            }
        }
        return arranged
    }

    /// Where a row stands among the others.
    ///
    /// A hundred thousand rows are sorted by two numbers each: moving their names about took longer than writing them.
    private struct Place {
        /// The first bytes of the tenant's name.
        let start: UInt128
        /// Which row.
        let index: Int
    }
}

extension ConsumptionKey: Comparable {
    /// The order of the rows.
    package static func < (left: Self, right: Self) -> Bool {
        (left.tenant, left.day, left.principal, left.trafficClass, left.operation)
            < (right.tenant, right.day, right.principal, right.trafficClass, right.operation)
    }
}

extension UInt128 {
    /// The first sixteen bytes of a text, as a number that compares as they do.
    fileprivate init(start text: String) {
        self = 0
        var room = UInt128.bitWidth
        for byte in text.utf8.prefix(16) {
            room -= 8
            self |= UInt128(byte) << room
        }
    }
}
