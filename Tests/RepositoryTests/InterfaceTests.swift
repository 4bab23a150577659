import Testing
import Vocabulary

/// `docs/interfaces.md` lists what callers may rely on, and the code says the same.
@Suite struct `the list of stable interfaces` {
    private let page: MarkdownFile

    init() throws {
        let path = "docs/interfaces.md"
        page = MarkdownFile(path: path, text: try #require(try Checkout.current.get().text(of: path)))
    }

    @Test func `has every reason code and no other`() {
        #expect(page.firstCells(below: "Reason codes") == Reason.allCases.map(\.code))
    }

    @Test(arguments: Reason.allCases) func `says which outcome each reason leads to`(reason: Reason) throws {
        let row = try #require(page.rows.first { $0.cells.first == "`\(reason.code)`" })
        #expect(row.cells[1] == reason.outcome.name)
    }

    @Test func `has every outcome, level, stage, envelope, unit and period`() {
        #expect(page.firstCells(below: "Outcomes") == Outcome.allCases.map(\.name))
        #expect(page.firstCells(below: "Budget levels") == BudgetLevel.allCases.map(\.name))
        #expect(page.firstCells(below: "Stages") == Stage.allCases.map(\.name))
        #expect(page.firstCells(below: "Envelopes") == Envelope.allCases.map(\.name))
        #expect(page.firstCells(below: "Quota units") == QuotaUnit.allCases.map(\.name))
        #expect(page.firstCells(below: "Quota periods") == CalendarPeriod.allCases.map(\.name))
    }

    @Test func `has every field that answers to decisions carry`() throws {
        let written = try texts(given: ["field"], under: "Sources/Gateway/Answers/")
        #expect(Set(page.firstCells(below: "Response fields")).symmetricDifference(written).isEmpty)
    }

    @Test func `has every metric`() throws {
        let written = try texts(given: ["begin", "single"], under: "Sources/").filter { $0.hasPrefix("headgate_") }
        #expect(Set(page.firstCells(below: "Metrics")).symmetricDifference(written).isEmpty)
    }

    /// The literals that stand first in calls of some functions.
    private func texts(given functions: Set<String>, under directory: String) throws -> Set<String> {
        let files = try Checkout.current.get().swiftFiles.filter { $0.path.hasPrefix(directory) }
        let found = files.flatMap { file in
            file.tokens.indices.compactMap { index -> String? in
                guard functions.contains(file.text(index)), file.text(index + 1) == "(" else { return nil }
                let literal = file.text(index + 2)
                return literal.hasPrefix("\"") ? String(literal.dropFirst()) : nil
            }
        }
        return Set(found)
    }
}

/// `docs/decisions/0002-rooms.md` shows the table of rooms, and the rule that is applied is the same.
@Suite struct `the table of rooms` {
    @Test func `is the one that imports are held against`() throws {
        let path = "docs/decisions/0002-rooms.md"
        let page = MarkdownFile(path: path, text: try #require(try Checkout.current.get().text(of: path)))
        let rows = page.rows.map(\.cells).filter { $0.count > 3 && $0[0].hasPrefix("`") }
        #expect(rows.map { $0[0] } == Room.all.map { "`\($0.name)`" })
        for (room, cells) in zip(Room.all, rows) {
            #expect(room.rooms == spans(in: cells[2]), "\(room.name)")
            let cLibrary = cells[3].contains("the C library") ? Room.cLibrary : []
            #expect(room.modules == spans(in: cells[3]).union(cLibrary), "\(room.name)")
        }
    }

    private func spans(in cell: String) -> Set<String> {
        Set(
            cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().compactMap { index, piece in
                index % 2 == 1 ? String(piece) : nil
            })
    }
}
