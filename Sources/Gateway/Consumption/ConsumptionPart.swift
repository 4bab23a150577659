internal import Journal
internal import Policy
internal import Synchronization
internal import Vocabulary

/// Where one event loop counts what tenants use.
///
/// The loop alone counts here; whoever collects takes the whole table out and leaves an empty one, so it holds the lock
/// for a moment however much was counted.
final class ConsumptionPart: Sendable {
    private let parts = Mutex(Parts())

    private struct Parts {
        /// What is counted, by the states that requests were decided by; the newest last.
        var tables: [ConsumptionTable] = []
        /// A cleared table to go on with.
        var spare: ConsumptionTable?
    }

    /// Counts a request that has been decided.
    ///
    /// - Complexity: O(1) expected; no allocation but with the first request of a kind.
    func count(_ decision: Decision) {
        // One that only looked is no request, unless it is turned away for what was seen.
        guard !decision.call.isPeek || !decision.isAdmitted else { return }
        let identity = decision.identity
        let isUsed = identity.refusal == nil || identity.refusal == .tenantSuspended
        let minute = isUsed ? Int32(truncatingIfNeeded: decision.moment.wall.milliseconds / 60_000) : 0
        let isCharged = decision.reason != .idempotentReplay
        // The proxy counts what it has passed on.
        let isPassedOn = decision.call.source == .proxy
        let (cost, bytes) = (decision.cost, isPassedOn ? 0 : max(0, decision.call.bytes))
        let outcome = decision.outcome
        change(decision, minute: minute) { count in
            switch outcome {
            case .admit, .queue:
                count.admitted &+= 1  // 2⁶³ requests never come
                if isCharged {
                    count.cost = count.cost.adding(cost)
                    count.bytesIn = count.bytesIn.adding(bytes)
                }
            case .replay: count.replayed &+= 1
            case .throttle, .shed, .block, .challenge: count.refused &+= 1
            }
        }
    }

    /// Counts the bodies of a request that was passed on, and of its answer.
    func count(bytesIn: Int, bytesOut: Int, of decision: Decision) {
        guard bytesIn > 0 || bytesOut > 0 else { return }
        change(decision, minute: 0) { count in
            count.bytesIn = count.bytesIn.adding(Int64(bytesIn))
            count.bytesOut = count.bytesOut.adding(Int64(bytesOut))
        }
    }

    @inline(__always)
    private func change(
        _ decision: Decision, minute: Int32, _ change: (inout ConsumptionTable.Count) -> Void
    ) {
        let key = decision.consumptionKey
        let state = decision.state
        parts.withLock { parts in
            let place = ConsumptionPart.placeLocked(of: state, in: &parts)
            parts.tables[place].add(key, minute: minute, change)
        }
    }

    /// The table of a state; a request that was passed on may end long after the next state has come.
    @inline(__always)
    private static func placeLocked(of state: DataPlaneState, in parts: inout Parts) -> Int {
        let last = parts.tables.count - 1
        if last >= 0, parts.tables[last].state === state { return last }
        return newPlaceLocked(of: state, in: &parts)
    }

    @inline(never)
    private static func newPlaceLocked(of state: DataPlaneState, in parts: inout Parts) -> Int {
        if let place = parts.tables.firstIndex(where: { $0.state === state }) { return place }
        if let spare = parts.spare, spare.state === state {
            parts.tables.append(spare)
        } else {
            parts.tables.append(ConsumptionTable(state))
        }
        parts.spare = nil
        return parts.tables.count - 1
    }

    /// How many kinds of requests were counted and not taken yet.
    var entryCount: Int { parts.withLock { $0.tables.reduce(0) { $0 + $1.entries.count } } }

    /// Takes out what was counted; what is counted from now on is not in it.
    func take() -> [ConsumptionTable] {
        parts.withLock { parts in
            let taken = parts.tables
            parts.tables = []
            return taken
        }
    }

    /// Gives a table back that was taken and read, so that its memory is used again.
    func giveBack(_ table: consuming ConsumptionTable) {
        table.clear()
        let cleared = table
        parts.withLock { parts in
            // Only that of the newest state is of use again: by the time it is back, that counts in another one.
            if parts.spare == nil, parts.tables.last.map({ $0.state === cleared.state }) ?? true {
                parts.spare = cleared
            }
        }
    }
}

extension Decision {
    /// What its use is counted by.
    @inline(__always)
    fileprivate var consumptionKey: ConsumptionTable.Key {
        guard let tenant = identity.tenant, !isOfLimit else {
            // Whoever is not known gets one row: what strangers ask for must not make it more.
            return ConsumptionTable.Key(day: periodEnds.day)
        }
        return ConsumptionTable.Key(
            tenant: Int32(truncatingIfNeeded: tenant), principal: Int32(truncatingIfNeeded: identity.principal ?? -1),
            key: Int32(truncatingIfNeeded: identity.key ?? -1),
            trafficClass: Int32(truncatingIfNeeded: classification.trafficClass),
            operation: Int32(truncatingIfNeeded: classification.operation), day: periodEnds.day)
    }
}

extension Int64 {
    /// The sum, or the largest number if that is more.
    @inline(__always)
    fileprivate func adding(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
