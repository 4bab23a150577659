import Testing
import Vocabulary

@testable import Journal

/// Near misses are kept with their decisions, found again and told.
struct NearMissRecordTests {
    private static func record(_ unique: UInt64, misses: Int) -> DecisionRecord {
        var record = Samples.plain(unique)
        record.nearMisses = (0..<misses).map { number in
            .init(
                level: NearMissLevel.allCases[number % 4], budget: "tenant tenant-1", lane: "repair", guarantee: 30,
                boundary: 3, left: Int64(1 - number), others: number == 0 ? [] : ["export", "reports"])
        }
        return record
    }

    @Test func `a near miss makes a plain admit one that is kept`() {
        #expect(NearMissRecordTests.record(1, misses: 0).heading.isPlainAdmit)
        #expect(!NearMissRecordTests.record(1, misses: 1).heading.isPlainAdmit)
    }

    @Test func `decisions with near misses are found among others, as they were`() throws {
        let rig = try StoreRig()
        let records = (0..<40 as Range<UInt64>).map { NearMissRecordTests.record($0, misses: Int($0 % 5)) }
        try rig.write(records)
        var query = JournalQuery()
        query.order = .oldestFirst
        #expect(try rig.reader().records(query) == records)
        query.nearMissesOnly = true
        #expect(try rig.reader().records(query) == records.filter { !$0.nearMisses.isEmpty })
    }

    @Test func `the table has a line for each lane`() {
        let record = NearMissRecordTests.record(1, misses: 2)
        let lines = [NearMissTable.header] + NearMissTable.lines(record)
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("DECISION                   TIME (UTC)         LEVEL         LANE         TENANT"))
        #expect(lines[1].hasSuffix("1 of 30        -"))
        #expect(lines[2].hasSuffix("0 of 30        export, reports"))
        #expect(lines.allSatisfy { $0.count <= 120 })
    }

    @Test func `less than nothing is nothing in the table`() {
        var record = NearMissRecordTests.record(1, misses: 1)
        record.nearMisses = [
            .init(level: .seats, budget: "seats", lane: "high", guarantee: 2, boundary: 1, left: -1, others: [])
        ]
        #expect(NearMissTable.lines(record).map { $0.hasSuffix("0 of 2         -") } == [true])
    }

    @Test func `the story tells which lane came close, and who was active beside it`() {
        var record = NearMissRecordTests.record(1, misses: 2)
        record.nearMisses.append(
            .init(
                level: .service, budget: "service", lane: "critical", guarantee: 40, boundary: 4, left: -2, others: []))
        let text = DecisionStory(record, policy: nil).text
        #expect(text.contains("Protected lanes that came too close to their boundaries"))
        #expect(text.contains("1 of the 30 that are its own were left"))
        #expect(text.contains("active beside it: export, reports"))
        #expect(text.contains("2 more than there was were needed"))
        #expect(!DecisionStory(Samples.plain(1), policy: nil).text.contains("Protected lanes"))
    }
}
