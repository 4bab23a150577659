internal import Policy
package import Vocabulary

extension AdmissionEngine {
    /// The most requests that one call may decide together.
    package static let togetherCountMax = 1_000

    /// Decides several requests, all or none.
    ///
    /// All are looked at first. If every one suffices by itself they are taken in order; if one then does not,
    /// because another thread came in between or because several name the same budget and only their sum is too much,
    /// what was taken is given back exactly. No two shards are held at once.
    ///
    /// Each verdict says what the budgets of its own request say, so the caller finds the strictest among them. The
    /// whole is refused when one of them is refused, also one that only looks; nothing has been spent then, also not by
    /// those whose verdict admits. Requests in a milder stage than enforce refuse nothing to the others.
    ///
    /// - Parameters:
    ///   - requests: at most `togetherCountMax`; the same tenant may stand there more than once.
    ///   - blueprint: the one with which all of them were classified.
    ///   - moment: both clocks, read once for this call.
    ///   - verdicts: one per request on return, in their order. A time to come again is exact for the budgets of
    ///     its request alone; where several requests share a budget it is the earliest possible.
    /// - Returns: whether a decision was made, as with `decide`; nothing was spent if not.
    /// - Complexity: twice that of `decide` per request.
    package func decideTogether(
        _ requests: [AdmissionRequest], with blueprint: Blueprint, at moment: Moment, into verdicts: inout [Verdict]
    ) -> Bool {
        precondition(requests.count <= AdmissionEngine.togetherCountMax, "\(requests.count) requests together")
        verdicts = [Verdict](repeating: Verdict(), count: requests.count)
        if requests.count == 1 { return decide(requests[0], with: blueprint, at: moment, into: &verdicts[0]) }
        var isRefused = false
        for index in requests.indices {
            var look = requests[index]
            look.isPeek = true
            guard decide(look, with: blueprint, at: moment, into: &verdicts[index]) else { return false }
            if requests[index].refusesAll(verdicts[index]) { isRefused = true }
        }
        return isRefused || takeTogether(requests, with: blueprint, at: moment, into: &verdicts)
    }

    /// Takes for each request in order, and gives all back if one is refused.
    private func takeTogether(
        _ requests: [AdmissionRequest], with blueprint: Blueprint, at moment: Moment, into verdicts: inout [Verdict]
    ) -> Bool {
        for index in requests.indices where !requests[index].isPeek {
            verdicts[index] = Verdict()
            let isDecided = decide(requests[index], with: blueprint, at: moment, into: &verdicts[index])
            guard !isDecided || requests[index].refusesAll(verdicts[index]) else { continue }
            for taken in requests.indices[..<index] where requests[taken].hasSpent(verdicts[taken]) {
                giveBack(requests[taken], verdicts[taken], takenWith: blueprint, at: moment)
            }
            return isDecided
        }
        return true
    }

    /// Gives back what a decision took, to the budgets as they are now.
    ///
    /// Nothing grows beyond what it can hold, and nothing is created: what no longer fits is lost, as it would have
    /// been without the decision.
    ///
    /// - Parameters:
    ///   - request: what was decided.
    ///   - verdict: what the engine said of it, which `hasSpent`.
    ///   - blueprint: the one with which it was decided.
    ///   - moment: both clocks now.
    package func giveBack(
        _ request: AdmissionRequest, _ verdict: Verdict, takenWith blueprint: Blueprint, at moment: Moment
    ) {
        var stripe: Int?
        if let tenant = request.tenant {
            stripe = shard(of: tenant)
            shards.withLock(at: shard(of: tenant)) { state in
                state.giveBack(tenant, request, verdict, takenWith: blueprint, at: moment)
            }
        }
        guard request.tier >= 0 else { return }
        shared.withLock { state in
            state.giveBack(request, verdict, takenWith: blueprint, stripe: stripe, at: moment.monotonic.count)
        }
    }
}

extension AdmissionRequest {
    /// Whether a verdict of this request refuses it and all that are decided together with it.
    package func refusesAll(_ verdict: Verdict) -> Bool { !verdict.isAdmitted }

    /// Whether a decision with this verdict took from the budgets.
    package func hasSpent(_ verdict: Verdict) -> Bool {
        !isPeek && verdict.isAdmitted && verdict.readingCount > 0 && verdict.isSufficient
    }
}
