internal import Access
internal import HTTPTypes
internal import Logging
internal import Synchronization
internal import Vocabulary

/// Attempts to show who somebody is: slowed down, counted, and told in the log when they are wrong.
extension Desk {
    /// Somebody tries.
    struct Attempt: Sendable {
        /// What for.
        let purpose: AttemptPurpose
        /// Who they say they are; `nil` if that can be nobody.
        let name: OperatorName?
        /// From where.
        let address: String
        /// What the throttle tells it apart by.
        let origin: SignInOrigin
    }

    /// Makes sure that an attempt may be judged now.
    func admit(_ attempt: Attempt, at now: WallTime) throws(Problem) {
        let answer = throttle.withLock { $0.attempt(by: attempt.name, from: attempt.origin, at: now) }
        guard case .wait(let milliseconds) = answer else { return }
        note(.slowedDown, attempt)
        var problem = Problem(.tooManyRequests, "slow_down", "too many attempts have failed")
        problem.fields[.retryAfter] = String((milliseconds + 999) / 1_000)
        throw problem
    }

    /// Counts what became of an attempt.
    func note(_ result: AttemptResult, _ attempt: Attempt) {
        attempts.withLock { $0[AttemptSeries(purpose: attempt.purpose, result: result), default: 0] += 1 }
    }

    /// An attempt that was wrong; what of it is not said.
    ///
    /// The line holds no more than names and addresses can be: what was typed into the wrong field stays out of it.
    func refused(_ attempt: Attempt, _ problem: Problem? = nil) -> Problem {
        note(.refused, attempt)
        log.warning(
            "somebody has not shown who they are",
            metadata: [
                "purpose": "\(attempt.purpose.rawValue)", "operator": "\(attempt.name?.text ?? "(no name)")",
                "address": "\(attempt.address)",
            ])
        return problem ?? Problem(.unauthorized, "sign_in_refused", "name, password or code are wrong")
    }

    /// An attempt that was not judged.
    func abandoned(_ attempt: Attempt) -> Problem {
        throttle.withLock { $0.abandoned(by: attempt.name, from: attempt.origin) }
        note(.busy, attempt)
        return busy
    }

    /// Too much to do.
    var busy: Problem {
        var problem = Problem(.serviceUnavailable, "busy", "too many sign in at once", suggestion: "try again")
        problem.fields[.retryAfter] = "1"
        return problem
    }

    /// How many attempts there were, of each kind, with those of which there were none.
    package var attemptCounts: [(series: AttemptSeries, count: Int)] {
        let counts = attempts.withLock { $0 }
        return AttemptPurpose.allCases.flatMap { purpose in
            AttemptResult.allCases.map { result -> (series: AttemptSeries, count: Int) in
                let series = AttemptSeries(purpose: purpose, result: result)
                return (series, counts[series] ?? 0)
            }
        }
    }
}

/// What somebody shows who they are for; the raw values are API.
package enum AttemptPurpose: String, CaseIterable, Hashable, Sendable {
    /// To sign in.
    case session
    /// To confirm a privileged action.
    case proof
    /// To change what they sign in with.
    case credentials
}

/// What becomes of it; the raw values are API.
package enum AttemptResult: String, CaseIterable, Hashable, Sendable {
    /// It was right.
    case succeeded
    /// It was right, and leads to setting a password and a phone first.
    case enrolling
    /// It was wrong.
    case refused
    /// The password was right, and a code is needed.
    case codeNeeded = "code_needed"
    /// It came too soon after others that had failed.
    case slowedDown = "slowed_down"
    /// The server had too much to do.
    case busy
}

/// One kind of attempts.
package struct AttemptSeries: Hashable, Sendable {
    /// What for.
    package let purpose: AttemptPurpose
    /// What became of them.
    package let result: AttemptResult
}
