internal import Directory
package import Journal
internal import Policy
internal import Synchronization
internal import Vocabulary

/// What tenants use: requests, cost and bytes, by tenant, principal, class, operation and day.
///
/// Each event loop counts for itself, and nothing is left out while the journal drops records. The store collects what
/// the loops have counted, on its own thread.
package final class Consumption: Sendable {
    private let parts = Mutex<[ConsumptionPart]>([])

    /// Nothing counted yet.
    package init() {}

    /// Where one more event loop counts.
    func part() -> ConsumptionPart {
        let part = ConsumptionPart()
        parts.withLock { $0.append(part) }
        return part
    }

    /// How many kinds of requests were counted and not collected yet.
    package var waitingCount: Int { parts.withLock { $0 }.reduce(0) { $0 + $1.entryCount } }

    /// Takes out what the loops have counted since it was called last, by name.
    ///
    /// - Complexity: O(kinds of requests counted).
    package func collect() -> ConsumptionBatch {
        var batch = ConsumptionBatch()
        for part in parts.withLock({ $0 }) {
            var taken = part.take()
            while let table = taken.popLast() {
                table.add(to: &batch)
                part.giveBack(table)
            }
        }
        return batch
    }
}

extension ConsumptionTable {
    /// Puts names to what was counted.
    fileprivate func add(to batch: inout ConsumptionBatch) {
        let (directory, policy) = (state.binding.directory, state.policy)
        for entry in entries {
            let key = entry.key
            let name = ConsumptionKey(
                tenant: key.tenant < 0 ? "" : directory.tenantName(at: Int(key.tenant)), day: key.day,
                principal: key.principal < 0 ? "" : directory.principalName(at: Int(key.principal)),
                trafficClass: key.trafficClass < 0 ? "" : policy.classes[Int(key.trafficClass)].name,
                operation: key.operation < 0 ? "" : policy.operations[Int(key.operation)].name)
            batch.add(
                ConsumptionCount(
                    admitted: entry.count.admitted, replayed: entry.count.replayed, refused: entry.count.refused,
                    cost: entry.count.cost, bytesIn: entry.count.bytesIn, bytesOut: entry.count.bytesOut), to: name)
            guard key.key >= 0, entry.minute > 0 else { continue }
            batch.note(key: directory.key(at: Int(key.key)).id, usedIn: entry.minute)
        }
    }
}
