internal import Vocabulary

/// One decision told in plain words, for whoever has to answer for it, perhaps at night.
///
/// The verdict comes first, then the facts, every budget that was looked at, and what would have let the request
/// through. Everything is in the record; nothing is guessed.
package struct DecisionStory: Sendable {
    /// The decision.
    package let record: DecisionRecord
    /// The policy it was made under, if it was recorded.
    package let policy: RecordedPolicy?

    /// Prepares to tell of a decision.
    package init(_ record: DecisionRecord, policy: RecordedPolicy?) {
        self.record = record
        self.policy = policy
    }

    /// The whole story, lines of at most 100 columns where words allow it, without a line end at its end.
    ///
    /// Safe to print: what strangers wrote cannot command the terminal.
    package var text: String {
        var lines = verdict.flatMap { $0.wrapped(width: DecisionStory.width) } + [""]
        for fact in facts { lines += fact.lines(width: DecisionStory.width) }
        if !record.readings.isEmpty {
            lines += ["", "Budgets that were looked at, in this order (amounts before the decision)"]
            for reading in record.readings { lines += budgetLines(reading) }
        }
        if !record.nearMisses.isEmpty {
            lines += ["", "Protected lanes that came too close to their boundaries"]
            for miss in record.nearMisses { lines += miss.words.listed(width: DecisionStory.width) }
        }
        if !remedies.isEmpty {
            lines += [
                "",
                record.wouldBe == nil ? "What would have let it through" : "What enforcement would have let through",
            ]
            for remedy in remedies { lines += remedy.text.listed(width: DecisionStory.width) }
        }
        return lines.map(\.forTerminal).joined(separator: "\n")
    }

    /// The width that lines are broken to.
    static let width = 100
}
