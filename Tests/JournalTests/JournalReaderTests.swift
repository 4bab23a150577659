import GRDB
import Testing
import Vocabulary

@testable import Journal

struct JournalReaderTests {
    /// 600 decisions at random within ten minutes, in the order of their ids.
    private static let records: [DecisionRecord] = {
        var generator = SeededGenerator(seed: 11)
        return (0..<600).map { number in
            let random = Samples.random(using: &generator)
            var record = Samples.plain(
                UInt64(number), after: Int64(number) * 1_000, outcome: random.outcome, reason: random.reason)
            record.tenant = random.tenant
            record.principal = random.principal
            record.trafficClass = random.trafficClass
            record.operation = random.operation
            record.tier = random.tier
            record.wouldBe = random.wouldBe
            return record
        }
    }()

    /// What a query means, said as plainly as possible.
    private func expected(_ query: JournalQuery) -> [DecisionRecord] {
        let matches = JournalReaderTests.records.filter { record in
            (query.tenant == nil || record.tenant == query.tenant)
                && (query.principal == nil || record.principal == query.principal)
                && (query.trafficClass == nil || record.trafficClass == query.trafficClass)
                && (query.operation == nil || record.operation == query.operation)
                && (query.tier == nil || record.tier == query.tier)
                && (query.reason == nil || record.reason == query.reason || record.wouldBe?.reason == query.reason)
                && (query.outcome == nil || record.outcome == query.outcome
                    || record.wouldBe?.outcome == query.outcome)
                && query.since.map { record.wall >= $0 } ?? true && query.until.map { record.wall < $0 } ?? true
        }
        let ordered = query.order == .oldestFirst ? matches : matches.reversed()
        return Array(ordered.prefix(query.limit ?? .max))
    }

    @Test func `queries find what their filters say, in order and within their limit`() throws {
        let rig = try StoreRig()
        try rig.write(JournalReaderTests.records)
        let reader = try rig.reader()
        var generator = SeededGenerator(seed: 5)
        var found = 0
        for _ in 0..<400 {
            let like = Samples.random(using: &generator)
            func maybe<Value>(_ value: Value) -> Value? {
                Int.random(in: 0..<4, using: &generator) == 0 ? value : nil
            }
            var query = JournalQuery()
            query.tenant = maybe(like.tenant ?? "tenant-1")
            query.principal = maybe(like.principal ?? "principal-1")
            query.trafficClass = maybe(like.trafficClass ?? "class-1")
            query.operation = maybe(like.operation ?? "operation-1")
            query.tier = maybe(like.tier)
            query.reason = maybe(like.reason)
            query.outcome = maybe(like.outcome)
            let offset = Int64.random(in: -1...601, using: &generator) * 1_000
            query.since = maybe(WallTime(milliseconds: Samples.wall.milliseconds + offset))
            query.until = maybe(WallTime(milliseconds: Samples.wall.milliseconds + offset + 100_000))
            query.limit = maybe(Int.random(in: 0..<40, using: &generator))
            query.order = Bool.random(using: &generator) ? .newestFirst : .oldestFirst
            let records = try reader.records(query)
            #expect(records == expected(query), "\(query)")
            found += records.count
        }
        #expect(found > 5_000)
    }

    @Test func `a query longer than a page comes whole`() throws {
        let rig = try StoreRig()
        let records = (0..<2_500).map { Samples.refusal(UInt64($0)) }
        try rig.write(records)
        var query = JournalQuery()
        query.limit = nil
        #expect(try rig.reader().records(query).map(\.id) == records.map(\.id).reversed())
        query.limit = 2_001
        #expect(try rig.reader().records(query).count == 2_001)
    }

    @Test func `a name that the journal has never seen finds nothing`() throws {
        let rig = try StoreRig()
        try rig.write([Samples.full])
        var query = JournalQuery()
        query.tenant = "stranger"
        #expect(try rig.reader().records(query).isEmpty)
    }

    @Test func `an id is found in full and by any beginning that is its own, in either case`() throws {
        let rig = try StoreRig()
        let records = (0..<50).map { Samples.refusal(UInt64($0), after: Int64($0) * 5_000) }
        try rig.write(records)
        let reader = try rig.reader()
        for record in records {
            let text = record.id.description
            #expect(try reader.record(id: text) == record)
            #expect(try reader.record(id: String(text.prefix(8))) == record)
            #expect(try reader.record(id: text.lowercased()) == record)
        }
    }

    @Test func `a beginning that several ids share names them`() throws {
        let rig = try StoreRig()
        try rig.write((0..<3).map { Samples.refusal(UInt64($0)) })
        let error = try #require(throws: JournalError.self) { try rig.reader().record(id: "01M7Y7HQKB") }
        #expect(error.code == .ambiguousID)
        for number in 0..<3 { #expect(error.message.contains(Samples.refusal(UInt64(number)).id.description)) }
    }

    @Test(arguments: ["", "01M7Y7H", "01M7Y7HQKB28T5CY4TQKFF04HMX", "81M7Y7HQKB", "01M7Y7HQKL", "../../etc/passwd"])
    func `a text that is no id says what one looks like`(text: String) throws {
        let rig = try StoreRig()
        let error = try #require(throws: JournalError.self) { try rig.reader().record(id: text) }
        #expect(error.code == .malformedID)
        #expect(error.message.contains("26 digits and letters"))
    }

    @Test func `a beginning that is too short says how much is needed`() throws {
        let rig = try StoreRig()
        let error = try #require(throws: JournalError.self) { try rig.reader().record(id: "01m8") }
        #expect(error.code == .malformedID)
        #expect(error.message.contains("\"01m8\" is too short"))
        #expect(error.message.contains("at least the first 8"))
    }

    @Test func `an id that is not there says what may be the reason`() throws {
        let rig = try StoreRig(sampling: 50)
        let reader = try rig.reader()
        func absence(_ record: DecisionRecord) throws -> String {
            let error = try #require(throws: JournalError.self) { try reader.record(id: record.id.description) }
            #expect(error.code == .unknownID)
            return error.message
        }
        #expect(try absence(Samples.refusal(1)).contains("holds no decision yet"))

        var batch = JournalBatch()
        batch.records = [Samples.refusal(1)]
        batch.tallies[TallyKey(Samples.refusal(1).heading)] = .of(3, dropped: 2)
        batch.tallies[TallyKey(Samples.plain(1).heading)] = .of(40, dropped: 0)
        try rig.store.write(batch)

        let sampled = try absence(Samples.plain(2))
        #expect(sampled.contains("counted 43 decisions"))
        #expect(sampled.contains("40 were admits, of which plain ones are kept one in 50"))
        #expect(sampled.contains("2 were dropped"))
        // Nothing was removed yet, so that is no reason for an older one to be missing.
        let earlier = try absence(Samples.plain(2, after: -60_000))
        #expect(earlier.contains("in that minute this journal counted no decision"))
        batch = JournalBatch()
        batch.tallies[TallyKey(Samples.plain(1, after: -120_000).heading)] = .of(7, dropped: 0)
        batch.records = [Samples.refusal(2, after: 1_000)]
        try rig.store.write(batch)
        #expect(try absence(Samples.plain(2, after: -120_000)).contains("7 were admits, of which plain ones are kept"))
        let store = try #require(rig.store as? SQLiteDecisionStore)
        try store.queue.inDatabase { try $0.execute(sql: "DELETE FROM decision WHERE sequence = 1") }
        #expect(try absence(Samples.plain(2, after: -60_000)).contains("goes back to 2026-11-21T04:59:03.123Z only"))
        #expect(
            try absence(Samples.plain(2, after: 600_000)).contains("in that minute this journal counted no decision"))
    }

    @Test func `counts cover what was not kept, by class, outcome, reason and minute`() throws {
        let rig = try StoreRig()
        var batch = JournalBatch()
        batch.tallies[TallyKey(Samples.plain(1).heading)] = .of(100, dropped: 1)
        batch.tallies[TallyKey(Samples.plain(1, after: 60_000).heading)] = .of(10, dropped: 0)
        batch.tallies[TallyKey(Samples.shadowWouldBe.heading)] = .of(7, dropped: 0)
        try rig.store.write(batch)
        try rig.store.write(batch)
        let reader = try rig.reader()
        let all = try reader.counts()
        #expect(all.map(\.decisions) == [220, 14])
        #expect(all.map(\.dropped) == [2, 0])
        #expect(all.map(\.wouldBe) == [nil, .tenantCeiling])
        #expect(all.map(\.trafficClass) == [nil, "export"])
        let minute = WallTime(milliseconds: Samples.wall.milliseconds + 60_000)
        #expect(try reader.counts(since: minute).map(\.decisions) == [20])
        #expect(try reader.counts(until: Samples.wall).map(\.decisions) == [200, 14])
    }

    @Test func `the extent says what is held`() throws {
        let rig = try StoreRig()
        #expect(try rig.reader().extent() == JournalExtent(oldest: nil, newest: nil, count: 0))
        try rig.write((0..<5).map { Samples.refusal(UInt64($0), after: Int64($0)) })
        let extent = try rig.reader().extent()
        #expect(extent.count == 5)
        #expect(extent.oldest == Samples.wall)
        #expect(extent.newest == Samples.refusal(4, after: 4).wall)
    }

    @Test func `an id that comes twice stays what it was`() throws {
        let rig = try StoreRig()
        try rig.write([Samples.refusal(1), Samples.plain(2)])
        try rig.write([Samples.plain(1), Samples.refusal(3)])
        let reader = try rig.reader()
        #expect(try reader.record(id: Samples.refusal(1).id.description) == Samples.refusal(1))
        #expect(try reader.records(JournalQuery()).count == 3)
    }

    @Test func `a policy is remembered by its version`() throws {
        let rig = try StoreRig()
        var batch = JournalBatch()
        batch.policies = [Samples.policy]
        try rig.store.write(batch)
        try rig.store.write(batch)
        #expect(try rig.reader().policy(version: Samples.version) == Samples.policy)
        #expect(try rig.reader().policy(version: PolicyVersion(digest: [UInt8](repeating: 0, count: 32))) == nil)
    }
}

extension TallyCount {
    /// A count of so many decisions.
    static func of(_ decisions: Int64, dropped: Int64) -> TallyCount {
        var count = TallyCount()
        count.decisions = decisions
        count.dropped = dropped
        return count
    }
}
