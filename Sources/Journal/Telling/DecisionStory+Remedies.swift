internal import Vocabulary

/// Something that would have let a refused request through.
package struct Remedy: Hashable, Sendable {
    /// What kind of change it is; stable, for code.
    package let code: Code
    /// The change in a sentence.
    package let text: String

    /// The kinds of change.
    package enum Code: String, CaseIterable, Sendable {
        /// The same request, later.
        case wait
        /// A larger or fuller budget.
        case budget
        /// A cheaper request.
        case cost
        /// A more protected tier.
        case tier
        /// Another caller, credential or right.
        case caller
        /// Another request.
        case request
        /// Another policy.
        case policy
    }
}

extension DecisionStory {
    /// Each of these alone would have let the request through; empty where it went through, or where nobody can say.
    package var remedies: [Remedy] {
        guard let obstacle else { return [] }
        return budgetRemedies + (schedulerRemedy(obstacle).map { [$0] } ?? callerRemedies(obstacle))
    }

    /// What the readings themselves say.
    private var budgetRemedies: [Remedy] {
        let short = record.readings.filter { !$0.isSufficient }
        guard !short.isEmpty else { return retryRemedy }
        var remedies = timeRemedy(short)
        if short.count == 1, let reading = short.first {
            remedies.append(budgetRemedy(reading))
        } else {
            let names = short.map { "\($0.needed) in \($0.place)" }.joined(separator: " and ")
            remedies.append(Remedy(code: .budget, text: "If there had been \(names)."))
        }
        let spendable = short.map(\.remaining).min() ?? 0
        if spendable >= 1, !short.contains(where: \.isOutOfReach),
            short.allSatisfy({ $0.needed == record.cost && $0.level != .quota })
        {
            remedies.append(
                Remedy(code: .cost, text: "If the request had cost at most \(spendable) in place of \(record.cost)."))
        }
        if short.allSatisfy(\.isHeldBack) {
            remedies.append(
                Remedy(code: .tier, text: "If its work had been of a more protected tier than \(record.tier)."))
        }
        return remedies
    }

    private func timeRemedy(_ short: [DecisionRecord.BudgetReading]) -> [Remedy] {
        if let never = short.first(where: \.isOutOfReach) {
            let most = record.limit ?? never.burst
            return [
                Remedy(
                    code: .request,
                    text: "Not by waiting: \(never.place) never holds more than \(most), and the request needs "
                        + "\(never.needed). Split it into parts that cost at most \(most) each.")
            ]
        }
        if let reset = short.compactMap(\.quotaReset).max() {
            return [Remedy(code: .wait, text: "After \(reset.description), when the quota begins anew.")]
        }
        let wait = record.retryAfter ?? short.compactMap(\.availableAfter).max() ?? .zero
        return [
            Remedy(code: .wait, text: "\(wait.inWords) later, had nobody else spent from the same budget meanwhile.")
        ]
    }

    private func budgetRemedy(_ reading: DecisionRecord.BudgetReading) -> Remedy {
        if reading.isOutOfReach {
            return Remedy(
                code: .budget,
                text: "If \(reading.place) could hold \(reading.needed): a larger burst in the plan or the policy.")
        }
        let missing = Int128(reading.needed) - Int128(reading.remaining)  // wide: a damaged file may hold any number
        return Remedy(
            code: .budget, text: "If \(reading.place) still had \(reading.needed): \(missing) more than it had.")
    }

    private var retryRemedy: [Remedy] {
        guard let retryAfter = record.retryAfter else { return [] }
        return [Remedy(code: .wait, text: "\(retryAfter.inWords) later, as far as anybody could know then.")]
    }
}

extension DecisionRecord.BudgetReading {
    /// Whether the budget can never hold what was needed.
    fileprivate var isOutOfReach: Bool { !isSufficient && availableAfter == nil && quotaReset == nil }

    /// Whether the amount was there, but had to stay for more protected work.
    fileprivate var isHeldBack: Bool {
        guard let poolRemaining, availableAfter != nil || isSufficient else { return false }
        return Int128(poolRemaining) + Int128(guaranteeRemaining ?? 0) >= Int128(needed)
    }
}
