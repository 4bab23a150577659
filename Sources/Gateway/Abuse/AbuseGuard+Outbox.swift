internal import Admission
package import Journal
internal import Policy
internal import Synchronization
internal import Vocabulary

/// What happened, for the disk and for those who count.
extension AbuseGuard {
    /// Takes what waits to be written.
    package func takeIncidents() -> [IncidentRecord] {
        state.withLock { state in
            let taken = state.outbox
            state.outbox = []
            return taken
        }
    }

    /// Puts back what could not be written, in front of what has come since.
    package func putBack(_ records: [IncidentRecord]) {
        state.withLock { state in
            let room = max(0, AbuseGuard.outboxMax - state.outbox.count)
            state.dropped += UInt64(max(0, records.count - room))
            state.outbox = records.suffix(room) + state.outbox
        }
    }
}

extension AbuseGuard {
    /// Writes the metrics about abuse.
    func write(_ text: inout PrometheusText) {
        let (counts, list, dropped) = state.withLock { ($0.counts, $0.list, $0.dropped) }
        text.begin("headgate_abuse_suspicions_total", .counter, "Findings of rules against abuse.")
        for (series, count) in counts.sorted(by: { ($0.key.rule, $0.key.action) < ($1.key.rule, $1.key.action) }) {
            text.sample(
                "headgate_abuse_suspicions_total", [("rule", series.rule), ("action", series.action)], "\(count)")
        }
        text.begin("headgate_quarantined", .gauge, "Entries of the quarantine list.")
        for kind in AbuseRule.SubjectKind.allCases {
            text.sample("headgate_quarantined", [("kind", kind.name)], "\(list.count(of: kind))")
        }
        text.single(
            "headgate_abuse_dropped_total", .counter,
            "Quarantines and records of them for which there was no room.", dropped)
    }
}
