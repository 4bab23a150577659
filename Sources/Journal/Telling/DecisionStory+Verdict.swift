internal import Vocabulary

extension DecisionStory {
    /// What was or would have been the obstacle: the reason that remedies speak to; `nil` where there was none.
    var obstacle: Reason? {
        if let wouldBe = record.wouldBe { return wouldBe.reason }
        switch record.outcome {
        case .admit, .replay, .queue: return nil
        case .throttle, .shed, .block, .challenge: return record.reason
        }
    }

    /// What happened and why: one paragraph each.
    var verdict: [String] {
        guard let wouldBe = record.wouldBe else {
            return ["\(headline(record.outcome, record.reason)): \(record.reason.code)", because(record.reason)]
        }
        return [
            "ADMITTED, only because \(subject) is in stage \(record.stage.name): \(record.reason.code)",
            "Were it enforced: \(headline(wouldBe.outcome, wouldBe.reason)): \(wouldBe.reason.code)",
            because(wouldBe.reason),
        ]
    }

    private var subject: String { record.trafficClass.map { "class \($0)" } ?? "its class" }

    private func headline(_ outcome: Outcome, _ reason: Reason) -> String {
        if case .clientClosed = reason { return "GIVEN UP by its client (shed)" }
        return switch outcome {
        case .admit: "ADMITTED"
        case .queue: "HELD in the queue"
        case .throttle: "REFUSED by a limit on the caller (throttle, 429)"
        case .shed: "REFUSED for lack of room in the service (shed, 503)"
        case .block: "REFUSED for who or what it is (block, \(reason.blockingStatus))"
        case .challenge: "ASKED to authenticate more strongly (challenge, 401)"
        case .replay: "ANSWERED with the answer stored for the same request (replay)"
        }
    }

    /// The reason in a sentence, and the budget behind it in another.
    private func because(_ reason: Reason) -> String {
        guard let reading = decidingReading else { return reason.summary }
        return "\(reason.summary) \(detail(of: reading, reason))"
    }

    private func detail(of reading: DecisionRecord.BudgetReading, _ reason: Reason) -> String {
        let place = reading.place
        guard reading.isSufficient else {
            return "The request needed \(reading.needed), and \(place) had \(reading.remaining)."
        }
        switch (reason, reading.guaranteeRemaining, reading.poolRemaining) {
        case (.withinGuarantee, let guarantee?, _):
            return "The request needed \(reading.needed), and \(place) had \(guarantee) of its guarantee left."
        case (.borrowed, let guarantee, let pool?):
            let own = guarantee.map { "had \($0) of its guarantee left" } ?? "has no guarantee"
            let borrowed = Int128(reading.needed) - Int128(min(guarantee ?? 0, reading.needed))
            return
                "The request needed \(reading.needed); \(place) \(own), so \(borrowed) came from the pool, which had "
                + "\(pool)."
        default: return "The request needed \(reading.needed), and \(place) had \(reading.remaining)."
        }
    }

    /// The reading of the budget that decided.
    var decidingReading: DecisionRecord.BudgetReading? {
        guard let deciding = record.decidingBudget else { return nil }
        return record.readings.first { $0.level == deciding.level && $0.name == deciding.name }
    }
}

extension DecisionRecord.BudgetReading {
    /// The budget and the lane in it.
    var place: String { lane.map { "lane \($0) of \(name)" } ?? name }
}
