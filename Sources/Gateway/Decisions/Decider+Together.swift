internal import Admission
internal import Policy
internal import Vocabulary

extension Decider {
    /// Decides several requests, all or none, and records the one that speaks for them.
    ///
    /// - Parameters:
    ///   - prepare: makes the decisions that are to be taken, by what holds now; called again should a new policy be
    ///     applied meanwhile.
    ///   - describe: the method and the path of a decision, for the record; called only if one is kept.
    /// - Returns: the decisions, all of them without effect if one of them refuses.
    func decideTogether(
        _ prepare: (DataPlaneState, Moment, DecisionID) -> [Decision],
        describe: (Decision) -> (method: String, path: String)
    ) -> [Decision] {
        let (moment, id) = begin()
        while true {
            refresh()
            let decisions = prepare(state, moment, id)
            guard admit(decisions, at: moment) else { continue }
            let duration = Clock.monotonic() - moment.monotonic
            for decision in decisions { decision.duration = duration }
            if let strictest = Decision.strictest(of: decisions), !strictest.call.isPeek || !strictest.isAdmitted {
                finish(strictest) { describe(strictest) }
            }
            return decisions
        }
    }

    /// - Returns: `false` when another policy was applied meanwhile.
    private func admit(_ decisions: [Decision], at moment: Moment) -> Bool {
        var requests: [AdmissionRequest] = []
        var asked: [Decision] = []
        for decision in decisions {
            guard let request = request(for: decision) else { continue }
            requests.append(request)
            asked.append(decision)
        }
        // Whoever is refused for what it is spends nothing, and so do the others; they still hear how they stand.
        let isRefused = decisions.contains { !$0.isAdmitted }
        if isRefused { for index in requests.indices { requests[index].isPeek = true } }
        var verdicts: [Verdict] = []
        guard
            requests.isEmpty
                || plane.engine.decideTogether(requests, with: state.blueprint, at: moment, into: &verdicts)
        else { return false }
        for (decision, verdict) in zip(asked, verdicts) { decision.take(verdict) }
        if decisions.contains(where: { !$0.isAdmitted }) {
            for decision in decisions { decision.call.isPeek = true }
        }
        return true
    }
}

extension Decision {
    /// The decision that speaks for several: the refusal that holds longest, else the admission with the least left.
    static func strictest(of decisions: [Decision]) -> Decision? {
        decisions.min { $0.strictness < $1.strictness }
    }

    /// Smaller is stricter: first the kind, then how much is left or how long it lasts.
    private var strictness: (Int, Double) {
        guard isAdmitted else {
            guard let retry = retryAfter else { return (0, 0) }
            return (1, -Double(retry.count))
        }
        guard let facts = speakingFacts else { return (3, 0) }
        return (2, Double(facts.remaining(hasSpent: hasSpent)) / Double(max(1, facts.limit)))
    }
}
