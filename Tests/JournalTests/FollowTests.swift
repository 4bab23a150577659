import Testing
import Vocabulary

@testable import Journal

struct FollowTests {
    @Test func `a follower sees every commit once, in order, however writing and reading interleave`() throws {
        let rig = try StoreRig()
        var follower = try JournalFollower(folder: rig.folder.path)
        var generator = SeededGenerator(seed: 1)
        var written: [DecisionID] = []
        var seen: [DecisionID] = []
        var cursor: Int64 = 0
        for round in 0..<200 {
            let count = Int.random(in: 0..<20, using: &generator)
            // Ids out of order: a decision that waited is committed after later ones.
            let records = (0..<count).map { number in
                Samples.refusal(UInt64(round * 100 + number), after: Int64.random(in: -500...500, using: &generator))
            }
            try rig.write(records)
            written += records.map(\.id)
            for _ in 0..<Int.random(in: 0..<3, using: &generator) {
                let step = try follower.next(limit: Int.random(in: 1..<30, using: &generator))
                #expect(step.cursor.sequence == cursor + Int64(step.records.count))
                #expect(step.missed == 0)
                cursor = step.cursor.sequence
                seen += step.records.map(\.id)
            }
        }
        while true {
            let step = try follower.next()
            seen += step.records.map(\.id)
            if !step.hasMore { break }
        }
        #expect(seen == written)
        #expect(try follower.next().records.isEmpty)
    }

    @Test func `a follower begins at the end, or before the newest that match`() throws {
        let rig = try StoreRig()
        let records = (0..<100).map { number in
            var record = Samples.refusal(UInt64(number))
            record.tenant = number % 10 == 0 ? "acme" : "other"
            return record
        }
        try rig.write(records)
        var atEnd = try JournalFollower(folder: rig.folder.path)
        #expect(try atEnd.next().records.isEmpty)
        var query = JournalQuery()
        query.tenant = "acme"
        var before = try JournalFollower(folder: rig.folder.path, query: query, backlog: 3)
        #expect(try before.next().records == [records[70], records[80], records[90]])
        var all = try JournalFollower(folder: rig.folder.path, query: query, backlog: 1_000)
        #expect(try all.next().records.count == 10)
    }

    @Test func `a filter steps over what does not match, also names that come later`() throws {
        let rig = try StoreRig()
        var query = JournalQuery()
        query.tenant = "acme"
        var follower = try JournalFollower(folder: rig.folder.path, query: query)
        try rig.write((0..<10).map { Samples.refusal(UInt64($0)) })
        #expect(try follower.next().records.isEmpty)
        #expect(follower.cursor.sequence == 10)
        var late = Samples.refusal(11)
        late.tenant = "acme"
        try rig.write([Samples.refusal(10), late])
        #expect(try follower.next().records == [late])
    }

    @Test func `what retention removed first is said to be missing`() throws {
        let rig = try StoreRig()
        var follower = try JournalFollower(folder: rig.folder.path)
        try rig.write((0..<10).map { Samples.refusal(UInt64($0)) })
        try rig.write((10..<15).map { Samples.refusal(UInt64($0), after: 10_000) })
        var retention = JournalRetention()
        retention.ageMax = .seconds(5)
        _ = try rig.store.prune(to: retention, at: WallTime(milliseconds: Samples.wall.milliseconds + 10_000))
        let step = try follower.next()
        #expect(step.missed == 10)
        #expect(step.records.count == 5)
    }

    @Test func `a follower goes on in the fresh file after a damaged one was moved aside`() throws {
        let rig = try StoreRig()
        try rig.write((0..<10).map { Samples.refusal(UInt64($0)) })
        var follower = try JournalFollower(folder: rig.folder.path)
        rig.store.close()
        _ = try rig.storage.moveAside(at: Samples.wall)
        let fresh = try rig.storage.open()
        defer { fresh.close() }
        var batch = JournalBatch()
        batch.records = [Samples.refusal(99)]
        try fresh.write(batch)
        let step = try follower.next()
        #expect(step.records.map(\.id) == [Samples.refusal(99).id])
        #expect(step.missed == 0)
    }
}
