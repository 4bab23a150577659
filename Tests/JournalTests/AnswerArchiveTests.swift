import Foundation
import GRDB
import Synchronization
import Testing
import Vocabulary

@testable import Journal

struct AnswerArchiveTests {
    static func record(_ key: UInt64, answer: StoredAnswer? = nil, body: UInt128? = nil) -> AnswerRecord {
        AnswerRecord(
            name: IdempotencyName(tenant: TenantKey(bits: .max - 1), bits: UInt128(key) << 64 | 5),
            fingerprint: RequestFingerprint(target: UInt128.max - UInt128(key), body: body),
            decision: DecisionID(bits: UInt128(key)),
            since: WallTime(milliseconds: Samples.wall.milliseconds + Int64(key)), answer: answer)
    }

    private static func answer(_ size: Int) -> StoredAnswer {
        StoredAnswer(
            status: 201, fields: Array("Location: /\(size)\r\n".utf8),
            body: (0..<size).map { UInt8(truncatingIfNeeded: $0) })
    }

    private func content(of archive: Archive) throws -> [AnswerRecord] {
        var records: [AnswerRecord] = []
        try archive.answers.load { records.append($0) }
        return records
    }

    /// Keeps records and waits for the disk.
    private func keep(_ records: [AnswerRecord], in archive: Archive) async {
        for record in records {
            await withCheckedContinuation { done in archive.answers.keep(record) { done.resume() } }
        }
    }

    @Test func `what is told to be on disk is there after a restart, oldest first, the newest of each name`()
        async throws
    {
        let folder = try TemporaryFolder()
        let first = try Archive.forTest(at: folder.path)
        await keep([Self.record(3), Self.record(1, body: 0), Self.record(2)], in: first)
        var unstored = Self.answer(4)
        unstored.body = nil
        let answered = [
            Self.record(1, answer: Self.answer(0), body: .max), Self.record(2, answer: Self.answer(1 << 20)),
            Self.record(4, answer: unstored),
        ]
        await keep(answered, in: first)
        first.answers.remove([Self.record(9).name])
        first.close()
        #expect(first.answers.failureCount == 0)

        let second = try Archive.forTest(at: folder.path)
        #expect(second.answers.hashKey == first.answers.hashKey)
        #expect(try content(of: second) == [answered[0], answered[1], Self.record(3), answered[2]])
        second.answers.remove([answered[1].name, Self.record(3).name])
        await keep([Self.record(5)], in: second)
        second.close()
        let third = try Archive.forTest(at: folder.path)
        #expect(try content(of: third) == [answered[0], answered[2], Self.record(5)])
        third.close()
    }

    @Test func `a damaged file stands aside, and requests go on`() async throws {
        let folder = try TemporaryFolder()
        try Data("no database at all, but long enough to be looked at as one".utf8)
            .write(to: URL(fileURLWithPath: folder.path + "/answers.sqlite"))
        let notices = Notices()
        let archive = try Archive.forTest(at: folder.path, notices: notices)
        await keep([Self.record(1)], in: archive)
        #expect(try content(of: archive) == [Self.record(1)])
        archive.close()
        #expect(notices.all.contains { $0.code == .startedFresh && $0.file == .answers })
        #expect(folder.names.contains { $0.hasPrefix("answers.sqlite.damaged-") })
    }

    @Test func `a file that cannot be written holds nobody up, and is told of once`() async throws {
        let folder = try TemporaryFolder()
        let notices = Notices()
        let archive = try Archive.forTest(at: folder.path, notices: notices)
        await keep([Self.record(1)], in: archive)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let blocker = try DatabaseQueue(path: folder.path + "/answers.sqlite", configuration: configuration)
        try await blocker.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN EXCLUSIVE")
        }
        await keep([Self.record(2), Self.record(3)], in: archive)
        #expect(archive.answers.failureCount == 2)
        #expect(notices.all.filter { $0.code == .failing && $0.file == .answers }.count == 1)
        try blocker.close()
        archive.close()
        let next = try Archive.forTest(at: folder.path)
        #expect(try content(of: next) == [Self.record(1)])
        next.close()
    }

    /// Writes as fast as it can, notes what it was told to be on disk, and is killed in the middle of it.
    private static func writeUntilKilled(in folder: String, after count: Int) throws {
        let archive = try Archive.forTest(at: folder)
        let told = Atomic(0)
        let log = FileHandle(forWritingAtPath: folder + "/told")
        for key in 0... as PartialRangeFrom<UInt64> {
            let isAnswered = key % 3 > 0
            archive.answers.keep(record(key, answer: isAnswered ? answer(Int(key % 2_000)) : nil)) {
                try? log?.write(contentsOf: Data("\(key)\n".utf8))
                told.add(1, ordering: .relaxed)
            }
            if told.load(ordering: .relaxed) >= count { kill(getpid(), SIGKILL) }
        }
    }

    @Test(arguments: [1, 200, 3_000])
    func `what was told to be on disk survives kill -9`(count: Int) async throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/told"))
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder.path as String, count = count as Int] in
            try AnswerArchiveTests.writeUntilKilled(in: path, after: count)
        }
        // The last line may have been cut by the kill.
        let lines = try String(contentsOfFile: folder.path + "/told", encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let told = lines.compactMap { UInt64($0) }
        #expect(told.count >= count)
        let archive = try Archive.forTest(at: folder.path)
        let kept = Dictionary(uniqueKeysWithValues: try content(of: archive).map { ($0.name, $0) })
        for key in told {
            let isAnswered = key % 3 > 0
            let record = Self.record(key, answer: isAnswered ? Self.answer(Int(key % 2_000)) : nil)
            #expect(kept[record.name] == record, "key \(key)")
        }
        archive.close()
    }
}
