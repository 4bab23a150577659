internal import Vocabulary

extension DecisionStory {
    /// One budget: whether it had enough, what it is, what it had.
    func budgetLines(_ reading: DecisionRecord.BudgetReading) -> [String] {
        let verdict = reading.isSufficient ? "enough" : "TOO LITTLE"
        let isDeciding = reading == decidingReading
        let head = "  \(verdict.padded(to: 12))\(reading.place)\(isDeciding ? ", which decided" : "")"
        let indentation = String(repeating: " ", count: 14)
        return [head] + reading.state.wrapped(width: DecisionStory.width - 14).map { indentation + $0 }
    }
}

extension DecisionRecord.BudgetReading {
    /// The budget's state in one line: what it is, what it had, what was needed, when it has enough again.
    fileprivate var state: String {
        let size = level == .quota ? "\(rate)" : "\(rate), burst \(burst)"
        var text = "\(size); had \(remaining)\(origin), needed \(needed)"
        if !isSufficient {
            text += "; " + (availableAfter.map { "enough again after \($0.inWords)" } ?? "waiting does not help")
        }
        if let quotaReset { text += "; begins anew at \(quotaReset.description)" }
        return text
    }

    /// Where the amount stood, where there are two places.
    private var origin: String {
        switch (guaranteeRemaining, poolRemaining) {
        case (let guarantee?, let pool?):
            " (\(guarantee) guaranteed, \(pool) in the pool\(held(Int128(guarantee) + Int128(pool))))"
        case (let guarantee?, nil): " (\(guarantee) guaranteed, and this lane does not borrow)"
        case (nil, let pool?): " (\(pool) in the pool\(held(Int128(pool))))"
        case (nil, nil): ""
        }
    }

    /// Work that is shed earlier must leave part of the pool to more protected work.
    private func held(_ sum: Int128) -> String {
        sum > Int128(remaining) ? ", of which \(sum - Int128(remaining)) must stay for more protected work" : ""
    }
}
