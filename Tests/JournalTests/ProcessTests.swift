import Foundation
import Testing
import Vocabulary

@testable import Journal

/// Real child processes: the test program runs itself again for the body of an exit test.
struct ProcessTests {
    /// Writes as fast as it can, notes what it knows to be committed, and is killed in the middle of it.
    private static func writeUntilKilled(in folder: String, after committed: Int64) throws {
        let archive = try Archive.forTest(at: folder) { $0.batchSizeMax = 50 }
        var number: UInt64 = 0
        while true {
            for _ in 0..<200 {
                archive.journal.record(Samples.refusal(number))
                number += 1
            }
            let written = archive.journal.statistics.written
            if written >= committed {
                try Data(String(written).utf8).write(to: URL(fileURLWithPath: folder + "/written"))
                kill(getpid(), SIGKILL)
            }
        }
    }

    @Test(arguments: [Int64(50), 1_000, 7_350])
    func `what was committed survives kill -9, whole and in order`(committed: Int64) async throws {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder.path as String, committed = committed as Int64] in
            try ProcessTests.writeUntilKilled(in: path, after: committed)
        }
        let written = try Int64(String(contentsOfFile: folder.path + "/written", encoding: .utf8))
        let reader = try JournalReader(folder: folder.path)
        var cursor = JournalCursor(store: "", sequence: 0)
        var ids: [DecisionID] = []
        while true {
            let step = try reader.step(after: cursor)
            ids += step.records.map(\.id)
            cursor = step.cursor
            if !step.hasMore { break }
        }
        #expect(Int64(ids.count) >= written ?? .max)
        #expect(cursor.sequence == Int64(ids.count))
        #expect(Set(ids).count == ids.count)
        #expect(try reader.counts().reduce(0) { $0 + $1.decisions } >= Int64(ids.count))
        #expect(try reader.problems().isEmpty)
        // The lock went with the process: the next server starts, and goes on counting where the last one stopped.
        let archive = try Archive.forTest(at: folder.path)
        #expect(!archive.usage.wasCleanShutdown)
        archive.journal.record(Samples.refusal(.max))
        archive.close()
        #expect(try reader.cursor().sequence == cursor.sequence + 1)
    }

    /// Follows a journal to the decision numbered `last`; exits with failure if anything is missing or out of order.
    private static func followToEnd(in folder: String, last: UInt64) throws {
        var follower = try JournalFollower(folder: folder)
        let reader = try JournalReader(folder: folder)
        var next: UInt64 = follower.cursor.sequence == 0 ? 0 : UInt64(follower.cursor.sequence)
        while next <= last {
            for record in try follower.next(limit: 100).records {
                guard record.id == Samples.refusal(next).id, try reader.record(id: record.id.description) == record
                else { exit(3) }
                next += 1
            }
        }
    }

    @Test func `another process reads and follows while this one writes`() async throws {
        let folder = try TemporaryFolder()
        let archive = try Archive.forTest(at: folder.path) { $0.batchSizeMax = 50 }
        let last: UInt64 = 5_000
        let isDone = Flag()
        async let writing: Void = {
            // Slowed by its own commits alone: the next ones are recorded when these are written.
            for number in 0...last {
                archive.journal.record(Samples.refusal(number))
                while !isDone.isSet, archive.journal.statistics.queueDepth > 500 { await Task.yield() }
            }
        }()
        await #expect(processExitsWith: .success) { [path = folder.path as String, last = last as UInt64] in
            try ProcessTests.followToEnd(in: path, last: last)
        }
        isDone.set()
        await writing
        archive.close()
        #expect(archive.journal.statistics.written == Int64(last) + 1)
        #expect(archive.journal.statistics.writeErrors == 0)
    }
}
