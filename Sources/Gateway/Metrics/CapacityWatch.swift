package import Admission
internal import Synchronization
package import Vocabulary

/// Whether the budgets of tenants and counters find room in memory: what the log says once a minute at most, and
/// `/readyz` for as long as it goes on.
///
/// Whoever has a place is decided as always, so it is no reason to send requests elsewhere.
package final class CapacityWatch: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// Refused so far, when that was last looked at.
        var (tenants, counters) = (0, 0)
        /// When somebody was last refused, and what was said of it.
        var last: (time: Nanoseconds, problem: String)?
        /// When the log was last told.
        var told: Nanoseconds?
    }

    /// How often the log is told, and how long after the last refusal memory counts as full.
    private static let interval = Nanoseconds.seconds(60)

    /// Begins to watch.
    package init() {}

    /// Compares what was refused with the last look.
    ///
    /// - Parameters:
    ///   - engine: the engine whose memory it is.
    ///   - now: the monotonic clock.
    /// - Returns: a sentence for the log, if it is to be told now.
    /// - Complexity: O(shards).
    package func look(at engine: AdmissionEngine, _ now: Nanoseconds) -> String? {
        let counters = engine.refusedCounterCount
        let tenants = max(0, engine.refusedNewcomerCount - counters)  // the two are read one after the other
        return state.withLock { state in
            let (newTenants, newCounters) = (tenants - state.tenants, counters - state.counters)
            (state.tenants, state.counters) = (tenants, counters)
            guard newTenants > 0 || newCounters > 0 else {
                if let last = state.last, now - last.time >= CapacityWatch.interval { state.last = nil }
                return nil
            }
            let problem = newTenants > 0 ? CapacityWatch.fullOfAll(engine) : CapacityWatch.fullOfCounters(engine)
            state.last = (now, problem)
            if let told = state.told, now - told < CapacityWatch.interval { return nil }
            state.told = now
            return problem
        }
    }

    /// What is wrong, for `/readyz`.
    package var problems: [(part: String, problem: String)] {
        state.withLock { state in state.last.map { [("memory", $0.problem)] } ?? [] }
    }

    private static func fullOfAll(_ engine: AdmissionEngine) -> String {
        "memory keeps \(engine.tenantCount) tenants and counters, of \(engine.tenantCountMax) that it may, and tenants that "
            + "come anew are refused with the reason tenants_full: raise --tenant-capacity"
    }

    private static func fullOfCounters(_ engine: AdmissionEngine) -> String {
        "memory keeps \(engine.counterCount) counters of descriptors, of \(engine.counterCountMax) that it may, and new ones "
            + "are refused with the reason tenants_full: raise --tenant-capacity, or limit by keys with fewer values"
    }
}

extension CapacityWatch {
    /// Writes how much room there is, and who found none.
    package func write(_ engine: AdmissionEngine, to text: inout PrometheusText) {
        text.single("headgate_tenants_in_memory", .gauge, "Tenants whose budgets are in use.", engine.tenantCount)
        text.single("headgate_counters_in_memory", .gauge, "Counters of descriptors among them.", engine.counterCount)
        text.single("headgate_tenant_capacity", .gauge, "How many there may be.", engine.tenantCountMax)
        text.single("headgate_tenant_bytes", .gauge, "Memory that the tenants' budgets take.", engine.byteCount)
        text.single(
            "headgate_newcomers_refused_total", .counter,
            "Requests of tenants for whose budgets there was no room in memory.", engine.refusedNewcomerCount)
        text.single(
            "headgate_counters_refused_total", .counter, "Counters of descriptors among them.",
            engine.refusedCounterCount)
    }
}
