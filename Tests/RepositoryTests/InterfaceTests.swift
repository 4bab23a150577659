import Testing
import Vocabulary

/// `docs/interfaces.md` lists what callers may rely on, and the code says the same.
@Suite struct `the list of stable interfaces` {
    private func listed(_ title: String) throws -> [String] {
        let path = "docs/interfaces.md"
        let text = try #require(try Checkout.current.get().text(of: path))
        return MarkdownFile(path: path, text: text).firstCells(below: title)
    }

    @Test func `has every reason code and no other`() throws {
        #expect(try listed("Reason codes") == Reason.allCases.map(\.code))
    }

    @Test func `says which outcome each reason leads to`() throws {
        let path = "docs/interfaces.md"
        let text = try #require(try Checkout.current.get().text(of: path))
        let rows = MarkdownFile(path: path, text: text).rows.map(\.cells)
        for reason in Reason.allCases {
            let row = try #require(rows.first { $0.first == "`\(reason.code)`" })
            #expect(row.dropFirst().first == reason.outcome.name, "\(reason.code)")
        }
    }

    @Test func `has every outcome, level, stage, envelope, unit and period`() throws {
        #expect(try listed("Outcomes") == Outcome.allCases.map(\.name))
        #expect(try listed("Budget levels") == BudgetLevel.allCases.map(\.name))
        #expect(try listed("Stages") == Stage.allCases.map(\.name))
        #expect(try listed("Envelopes") == Envelope.allCases.map(\.name))
        #expect(try listed("Quota units") == QuotaUnit.allCases.map(\.name))
        #expect(try listed("Quota periods") == CalendarPeriod.allCases.map(\.name))
    }
}
