internal import Policy
internal import Synchronization
internal import Vocabulary

/// Where one event loop counts what its customers feel.
///
/// The loop alone counts here; whoever reads takes the whole tally out and leaves an empty one, so it holds the lock
/// for a moment however much was counted.
final class ExperiencePart: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// What is counted under the present policy.
        var present: ExperienceTally?
        /// A cleared tally to go on with when the present one is taken.
        var spare: ExperienceTally?
        /// What was counted under earlier policies and not taken yet.
        var former: [ExperienceTally] = []
    }

    /// Tallies of earlier policies that may wait to be taken: a policy that is applied more often than somebody looks
    /// loses counts.
    private static let formerCountMax = 4

    /// Counts one request.
    ///
    /// - Parameters:
    ///   - key: tier, class and operation.
    ///   - policy: the one whose indices the key has.
    ///   - wait: how long the request was held for a seat; zero where it was not.
    ///   - upstream: from handing it to the upstream to the end of the answer; `nil` where it never got there.
    ///   - endToEnd: from reading the head to the last byte of the answer; `nil` where it was refused, for a refusal is
    ///     quick and would make the tier look better than it is.
    /// - Complexity: O(1) expected; no allocation but with the first request of a key.
    func note(
        _ key: ExperienceKey, of policy: Snapshot, wait: Nanoseconds, upstream: Nanoseconds?, endToEnd: Nanoseconds?
    ) {
        state.withLock { state in
            if state.present?.policy !== policy { ExperiencePart.turnLocked(&state, to: policy) }
            state.present?.note(key, wait: wait, upstream: upstream, endToEnd: endToEnd)
        }
    }

    private static func turnLocked(_ state: inout State, to policy: Snapshot) {
        if let present = state.present, !present.isEmpty, state.former.count < formerCountMax {
            state.former.append(present)
        }
        if let spare = state.spare, spare.policy === policy {
            state.present = spare
        } else {
            state.present = ExperienceTally(policy)
        }
        state.spare = nil
    }

    /// Takes out what was counted; what is counted from now on is not in it.
    func take() -> [ExperienceTally] {
        state.withLock { state in
            var taken = state.former
            state.former = []
            if let present = state.present { taken.append(present) }
            state.present = nil
            swap(&state.present, &state.spare)
            return taken
        }
    }

    /// Gives a tally back that was taken and read, so that its memory is used again.
    func giveBack(_ tally: consuming ExperienceTally) {
        tally.clear()
        let cleared = tally
        state.withLock { state in
            if state.spare == nil { state.spare = cleared }
        }
    }
}
