internal import Vocabulary

/// What a journal counted, as a table: for `headgate journal --summary`.
package struct JournalSummary: Sendable {
    /// The counts, in the order they are shown.
    package let counts: [JournalCount]
    /// What the journal holds.
    package let extent: JournalExtent

    /// Prepares to show counts.
    package init(counts: [JournalCount], extent: JournalExtent) {
        self.counts = counts
        self.extent = extent
    }

    /// The table, without a line end at its end; fits 120 columns.
    package var text: String {
        let rows = counts.map { count in
            [
                String(count.decisions), String(count.dropped),
                count.wouldBe.map { "(\($0.outcome.name))" } ?? count.outcome.name,
                (count.wouldBe ?? count.reason).code,
                count.trafficClass ?? "-",
            ]
        }
        let lines = ([["DECISIONS", "DROPPED", "OUTCOME", "REASON", "CLASS"]] + rows).map { cells in
            cells[0].leftPadded(to: 12) + cells[1].leftPadded(to: 10) + "  " + cells[2].padded(to: 12)
                + cells[3].padded(to: 21) + cells[4].forTerminal
        }
        return (lines + [JournalTable.legend, held]).joined(separator: "\n")
    }

    /// The same as JSON.
    package var json: JSONValue {
        [
            "held": .number(extent.count), "oldest": .optional(extent.oldest?.description),
            "newest": .optional(extent.newest?.description),
            "counts": .list(
                counts.map { count in
                    [
                        "class": .optional(count.trafficClass), "decision": .text(count.outcome.name),
                        "reason": .text(count.reason.code), "wouldBe": .optional(count.wouldBe?.code),
                        "decisions": .number(count.decisions), "dropped": .number(count.dropped),
                    ]
                }),
        ]
    }

    private var held: String {
        guard let oldest = extent.oldest, let newest = extent.newest else { return "no decision is kept" }
        return "\(extent.count) decisions are kept, from \(oldest.description) to \(newest.description)"
    }
}

extension String {
    /// Filled with spaces in front, up to a number of characters.
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
