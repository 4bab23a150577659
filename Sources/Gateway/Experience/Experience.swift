package import Policy
internal import Synchronization
package import Vocabulary

/// What customers feel: how long they wait for a seat, for the upstream, and for everything.
///
/// Each event loop counts for itself. What the loops have counted is taken out and added up every second and whenever
/// somebody looks, into the windows that reports show and the histograms that metrics show.
package final class Experience: Sendable {
    private let parts = Mutex<[ExperiencePart]>([])
    private let log = Mutex(ExperienceLog())

    /// Nothing counted yet.
    package init() {}

    /// Where one more event loop counts.
    func part() -> ExperiencePart {
        let part = ExperiencePart()
        parts.withLock { $0.append(part) }
        return part
    }

    /// Adds up what the loops have counted, and judges the promises of a policy's tiers.
    ///
    /// Called every second: what a loop has counted belongs to the moment at which it is added up.
    package func collect(_ policy: Snapshot, at now: Nanoseconds) {
        let parts = parts.withLock { $0 }
        log.withLock { log in
            for part in parts {
                var taken = part.take()
                while let tally = taken.popLast() {
                    log.add(tally, at: now)
                    part.giveBack(tally)
                }
            }
            log.judge(policy, at: now)
        }
    }

    /// What was counted until now.
    func contents(_ policy: Snapshot, at now: Nanoseconds) -> ExperienceLog {
        collect(policy, at: now)
        return log.withLock { $0 }
    }
}
