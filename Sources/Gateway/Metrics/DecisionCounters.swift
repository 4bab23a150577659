internal import Policy
internal import Synchronization
internal import Vocabulary

/// The counters of one event loop; read by scrapes from elsewhere, hence the lock, which nobody else holds for long.
final class DecisionCounters: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// What was counted under earlier policies, and what the table has no place for.
        var counts = DecisionCounts()
        /// What is counted under the present policy.
        var table: CountTable?
        /// Which classes had work of late.
        var activity = ClassActivity()
    }

    /// Counts one decision.
    ///
    /// - Complexity: O(1); no allocation but with the first decision of a policy.
    func count(_ decision: Decision) {
        let duration = decision.duration
        let second = decision.moment.monotonic.count / 1_000_000_000
        // The table knows outcomes by their reasons; what waited, and an answer from the store, has one of its own.
        guard decision.wouldBe == nil, decision.outcome.followsFromReason else {
            let series = DecisionCounts.Series(
                tier: decision.tierName, trafficClass: decision.className, outcome: decision.outcome,
                reason: decision.reason, wouldBe: decision.wouldBe)
            let trafficClass = decision.isOfLimit ? -1 : decision.classification.trafficClass
            return state.withLock { state in
                state.activity.mark(trafficClass, second: second, of: decision.policy)
                state.counts.count(series, duration: duration)
            }
        }
        let isOfLimit = decision.isOfLimit
        let tier = isOfLimit ? -1 : decision.classification.tier
        let trafficClass = isOfLimit ? -1 : decision.classification.trafficClass
        let (policy, reason) = (decision.policy, decision.reason)
        state.withLock { state in
            if state.table?.policy !== policy {
                state.table?.fold(into: &state.counts)
                state.table = CountTable(policy)
            }
            state.table?.add(tier: tier, trafficClass: trafficClass, reason)
            state.activity.mark(trafficClass, second: second, of: policy)
            state.counts.note(duration)
        }
    }

    /// The classes of a policy that had work here in this or the previous second, one bit per class.
    func activeClasses(of policy: Snapshot, second: Int64) -> UInt64 {
        state.withLock { $0.activity.classes(of: policy, second: second) }
    }

    /// What was counted.
    var counts: DecisionCounts {
        state.withLock { state in
            var counts = state.counts
            state.table?.fold(into: &counts)
            return counts
        }
    }
}

extension Outcome {
    /// Whether the reason says what the outcome is.
    fileprivate var followsFromReason: Bool {
        switch self {
        case .queue, .replay: false
        case .admit, .throttle, .shed, .block, .challenge: true
        }
    }
}

/// Numbers of decisions under one policy, by index: nothing is hashed or compared to count one.
private struct CountTable {
    /// The policy whose tiers and classes the indices mean.
    let policy: Snapshot
    private var numbers: [UInt64]

    /// Nothing counted yet.
    init(_ policy: Snapshot) {
        self.policy = policy
        let places = (policy.tiers.count + 1) * (policy.classes.count + 1) * Reason.allCases.count
        numbers = [UInt64](repeating: 0, count: places)
    }

    /// Counts one; -1 means no tier, no class.
    mutating func add(tier: Int, trafficClass: Int, _ reason: Reason) {
        let row = (tier + 1) * (policy.classes.count + 1) + trafficClass + 1
        numbers[row * Reason.allCases.count + Int(reason.rawValue)] += 1
    }

    /// Adds everything to counts by name.
    func fold(into counts: inout DecisionCounts) {
        for (index, number) in numbers.enumerated() where number > 0 {
            guard let reason = Reason(rawValue: UInt8(index % Reason.allCases.count)) else { continue }
            let row = index / Reason.allCases.count
            let tier = row / (policy.classes.count + 1) - 1
            let trafficClass = row % (policy.classes.count + 1) - 1
            counts.add(
                DecisionCounts.Series(
                    tier: tier < 0 ? Decision.noName : policy.tiers[tier].name,
                    trafficClass: trafficClass < 0 ? Decision.noName : policy.classes[trafficClass].name,
                    outcome: reason.outcome, reason: reason, wouldBe: nil), number)
        }
    }
}
