package import Vocabulary

/// Reads what changed durably in an engine, again and again; remembers how it did.
package final class DurableCollector: Sendable {
    private let engine: AdmissionEngine
    private let layouts = Guarded(DurableLayouts())

    /// How many tenants of a shard are read before requests may have it again: some ten microseconds.
    private static let readTogether = 256

    /// Reads from an engine.
    package init(_ engine: AdmissionEngine) { self.engine = engine }

    /// What changed durably since the last call, each tenant once.
    ///
    /// What is not collected waits in the engine, a key for each tenant, however often it changes.
    ///
    /// - Complexity: O(tenants that changed).
    package func collect(at moment: Moment) -> UsageBatch {
        layouts.withLock { layouts in
            layouts.forgetShapes(ifNot: engine.blueprint)
            var batch = UsageBatch()
            for shard in 0..<engine.shards.count {
                var remaining = engine.shards.withLock(at: shard) { $0.dirty.count }
                while remaining > 0 {
                    let limit = min(remaining, DurableCollector.readTogether)
                    engine.shards.withLock(at: shard) {
                        $0.collectDurable(limit: limit, at: moment, &layouts, into: &batch)
                    }
                    remaining -= limit
                }
            }
            batch.shapes = layouts.shapes
            return batch
        }
    }
}
