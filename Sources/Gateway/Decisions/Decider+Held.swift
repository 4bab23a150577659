internal import Admission
internal import Policy
package import Vocabulary

/// What became of the seats that a request asked for.
package enum SeatConclusion: Hashable, Sendable {
    /// It was given them, at once or after a wait.
    case granted(waited: Nanoseconds)
    /// It was refused them, at once or after a wait.
    case refused(Reason, retryAfter: Nanoseconds, waited: Nanoseconds)
}

/// Decisions about requests that Headgate holds: first the budgets, then the seats.
extension Decider {
    /// Decides what the budgets say, and neither counts nor records it: `conclude` does, when it is known what the
    /// seats say.
    ///
    /// - Parameters:
    ///   - call: what the caller says.
    ///   - identify: finds who calls.
    ///   - target: finds which call it is.
    ///   - describe: the method and the path; called only if there is an idempotency key.
    /// - Returns: a decision of its own, which nobody fills again.
    func decideHeld(
        _ call: DecisionCall, identify: (DataPlaneState, Moment) -> Identity,
        target: (Snapshot) -> ClassificationRequest.Target, describe: () -> (method: String, path: String)
    ) -> Decision {
        let decision = weigh(call, identify: identify, target: target, describe: describe)
        handOver()
        return decision
    }

    /// Asks for the seats of a request that has been decided, and looks what its tier then has left.
    func askForSeats(
        _ request: SeatRequest, of decision: Decision, from gate: SeatGate, for waiter: any SeatWaiter,
        at now: Nanoseconds
    ) -> SeatAnswer.Course {
        let answer = gate.ask(request, for: waiter, at: now)
        noteSeats(decision, left: answer.left, reserved: answer.reserved)
        return answer.course
    }

    /// Ends a decision with what became of its seats, counts and records it.
    ///
    /// A refusal gives back what was taken from the budgets.
    ///
    /// - Parameters:
    ///   - decision: one of `decideHeld`.
    ///   - seats: `nil` if it never came to that: the budgets refused it.
    ///   - describe: the method and the path, for the record; called only if one is kept.
    func conclude(
        _ decision: Decision, _ seats: SeatConclusion?, describe: () -> (method: String, path: String)
    ) {
        if let seats {
            let (moment, _) = begin()
            decision.take(seats, plane.engine, at: moment)
        }
        finish(decision, describe: describe)
    }
}
