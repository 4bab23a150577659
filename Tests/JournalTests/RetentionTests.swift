import Foundation
import GRDB
import Testing
import Vocabulary

@testable import Journal

struct RetentionTests {
    private func wall(after milliseconds: Int64) -> WallTime {
        WallTime(milliseconds: Samples.wall.milliseconds + milliseconds)
    }

    /// Steps until nothing is left to do; returns what was removed and in how many steps.
    private func pruneAll(
        _ rig: StoreRig, _ retention: JournalRetention, at wall: WallTime
    ) throws -> (byAge: Int, byBytes: Int, steps: Int) {
        var result = (byAge: 0, byBytes: 0, steps: 0)
        while true {
            let report = try rig.store.prune(to: retention, at: wall)
            result = (result.byAge + report.removedByAge, result.byBytes + report.removedByBytes, result.steps + 1)
            if !report.hasMore { return result }
        }
    }

    /// Records of some 600 bytes each.
    private func bulky(_ numbers: Range<Int>) -> [DecisionRecord] {
        numbers.map { number in
            var record = Samples.refusal(UInt64(number), after: Int64(number))
            record.tenant = "tenant-\(number % 50)"
            record.credentialHint = String(repeating: "x", count: 400)
            return record
        }
    }

    private func fileSize(_ rig: StoreRig) throws -> Int64 {
        let reader = try DatabaseQueue(path: rig.folder.journalPath)
        try reader.inDatabase { database in _ = try database.checkpoint(.truncate) }
        let attributes = try FileManager.default.attributesOfItem(atPath: rig.folder.journalPath)
        return try #require(attributes[.size] as? NSNumber).int64Value
    }

    @Test func `what is too old goes, in small steps, and is counted`() throws {
        let rig = try StoreRig()
        for hour in 0..<10 {
            try rig.write((0..<1_000).map { Samples.refusal(UInt64($0), after: Int64(hour) * 3_600_000) })
        }
        var retention = JournalRetention()
        retention.ageMax = .seconds(3 * 3_600)
        let now = wall(after: 9 * 3_600_000)
        #expect(try rig.store.prune(to: retention, at: now).removedByAge == 4_000)
        let rest = try pruneAll(rig, retention, at: now)
        #expect(rest.byAge == 2_000)
        #expect(rest.byBytes == 0)
        let extent = try rig.reader().extent()
        #expect(extent.count == 4_000)
        #expect(extent.oldest == wall(after: 6 * 3_600_000))
        #expect(try rig.reader().counts().map(\.decisions) == [4_000])
    }

    @Test func `a file under steady load stays in its bounds and keeps the newest`() throws {
        let rig = try StoreRig()
        var retention = JournalRetention()
        retention.bytesMax = 2 << 20
        var removed = 0
        for round in 0..<60 {
            try rig.write(bulky(round * 100..<(round + 1) * 100))
            removed += try rig.store.prune(to: retention, at: wall(after: 0)).removedByBytes
            if round % 10 == 9 { #expect(try fileSize(rig) <= retention.bytesMax) }
        }
        let extent = try rig.reader().extent()
        #expect(extent.newest == wall(after: 5_999))
        #expect(extent.count == 6_000 - Int64(removed))
        #expect(extent.count > 1_000)
    }

    @Test func `a file shrinks when its bound is lowered`() throws {
        let rig = try StoreRig()
        try rig.write(bulky(0..<10_000))
        let before = try fileSize(rig)
        var retention = JournalRetention()
        retention.bytesMax = 1 << 20
        let pruned = try pruneAll(rig, retention, at: wall(after: 0))
        #expect(before > 4 << 20)
        #expect(pruned.byBytes > 7_000)
        #expect(pruned.steps > 3)
        #expect(try fileSize(rig) <= 1 << 20)
        #expect(try rig.reader().extent().newest == wall(after: 9_999))
    }

    @Test func `names and policies go with the last decision that used them, and never too early`() throws {
        let rig = try StoreRig()
        let volume = Int(NameTable.volumeSize)
        var policies = JournalBatch()
        policies.policies = ["sha256:unused", Samples.version.description, "sha256:in force"].enumerated().map {
            RecordedPolicy(version: $1, name: "p", summary: "", recorded: wall(after: Int64($0)))
        }
        try rig.store.write(policies)
        for start in stride(from: 0, to: volume + 4_000, by: 4_000) {
            try rig.write(
                (start..<start + 4_000).map { number in
                    var record = Samples.refusal(UInt64(number), after: Int64(number))
                    record.principal = number < 1_000 ? "early-\(number)" : "late-\(number % 100)"
                    return record
                })
        }
        var retention = JournalRetention()
        retention.ageMax = .zero
        // All but the last 1,000 decisions go: the first volume is left behind.
        _ = try pruneAll(rig, retention, at: wall(after: Int64(volume) + 3_000))
        let names = try DatabaseQueue(path: rig.folder.journalPath).inDatabase { database in
            try String.fetchAll(database, sql: "SELECT text FROM name ORDER BY text")
        }
        #expect(!names.contains { $0.hasPrefix("early") })
        let versions = try DatabaseQueue(path: rig.folder.journalPath).inDatabase { database in
            try String.fetchAll(database, sql: "SELECT version FROM policy ORDER BY recorded")
        }
        #expect(versions == [Samples.version.description, "sha256:in force"])
        #expect(names.count { $0.hasPrefix("late") } == 100)
        var query = JournalQuery()
        query.limit = nil
        let held = try rig.reader().records(query)
        #expect(held.count > 900)
        #expect(held.allSatisfy { $0.principal?.hasPrefix("late") == true && $0.policyVersion == Samples.version })
        // A name that went and comes back gets a new number and is found.
        var again = Samples.refusal(1, after: Int64(volume) + 50_000)
        again.principal = "early-1"
        try rig.write([again])
        query.principal = "early-1"
        #expect(try rig.reader().records(query) == [again])
    }

    @Test func `sequence numbers are never used twice, even when everything was removed`() throws {
        let folder = try TemporaryFolder()
        let storage = SQLiteDecisionStorage(path: folder.journalPath, sampling: 1)
        var retention = JournalRetention()
        retention.ageMax = .zero
        for round in 0..<3 {
            let store = try storage.open()
            var batch = JournalBatch()
            batch.records = (0..<10).map { Samples.refusal(UInt64(round * 10 + $0)) }
            try store.write(batch)
            _ = try store.prune(to: retention, at: wall(after: 1_000))
            store.close()
            #expect(try JournalReader(folder: folder.path).cursor().sequence == Int64(round + 1) * 10)
        }
    }
}
