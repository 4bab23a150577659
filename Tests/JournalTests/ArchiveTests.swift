import Dispatch
import Foundation
import GRDB
import Testing
import Vocabulary

@testable import Journal

struct ArchiveTests {
    @Test func `what is recorded from many threads is there after closing, every decision once`() async throws {
        let folder = try TemporaryFolder()
        let archive = try Archive.forTest(at: folder.path)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<1_000 { archive.journal.record(Samples.refusal(UInt64(task * 1_000 + number))) }
                }
            }
        }
        archive.journal.recordPolicy(
            version: Samples.version, name: Samples.policy.name, summary: Samples.policy.summary, at: Samples.wall)
        archive.close()
        let statistics = archive.journal.statistics
        #expect(statistics.recorded == 8_000)
        #expect(statistics.written == 8_000)
        #expect(statistics.queueDepth == 0)
        #expect(statistics.lastCommit == Samples.wall)
        var query = JournalQuery()
        query.limit = nil
        query.order = .oldestFirst
        let reader = try JournalReader(folder: folder.path)
        #expect(try reader.records(query).map(\.id) == (0..<8_000).map { Samples.refusal(UInt64($0)).id })
        #expect(try reader.policy(version: Samples.version) == Samples.policy)
    }

    @Test func `the folder is made for its owner alone`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a/b"
        let archive = try Archive.forTest(at: path)
        defer { archive.close() }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    }

    @Test func `a second writer is told which process holds the folder, and may have it afterwards`() throws {
        let folder = try TemporaryFolder()
        let first = try Archive.forTest(at: folder.path)
        let error = try #require(throws: JournalError.self) { try Archive.forTest(at: folder.path) }
        #expect(error.code == .inUse)
        #expect(error.message.hasPrefix("process \(ProcessInfo.processInfo.processIdentifier) already writes"))
        first.close()
        let second = try Archive.forTest(at: folder.path)
        second.close()
    }

    @Test func `a folder that cannot be made says so`() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        let error = try #require(throws: JournalError.self) { try Archive.forTest(at: folder.path + "/file/data") }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("--data"))
    }

    @Test(arguments: ["journal", "usage"])
    func `a file that is no database stands aside, untouched, and a fresh one takes its place`(name: String) throws {
        let folder = try TemporaryFolder()
        let place = URL(fileURLWithPath: "\(folder.path)/\(name).sqlite")
        let garbage = Data("This is not a database. ".utf8) + Data(repeating: 7, count: 10_000)
        try garbage.write(to: place)
        let notices = Notices()
        let archive = try Archive.forTest(at: folder.path, notices: notices)
        archive.journal.record(Samples.refusal(1))
        archive.close()
        #expect(notices.codes == [.startedFresh])
        let aside = try #require(folder.names.first { $0.hasPrefix("\(name).sqlite.damaged-20261121T045902") })
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(aside)")) == garbage)
        #expect(notices.all[0].message.contains(aside))
        #expect(try JournalReader(folder: folder.path).extent().count == 1)
    }

    @Test func `a stranger's database is not written to`() throws {
        let folder = try TemporaryFolder()
        let usage = DatabaseFile.usage(at: folder.journalPath)
        try usage.openForWriting().close()
        let notices = Notices()
        let archive = try Archive.forTest(at: folder.path, notices: notices)
        archive.close()
        #expect(notices.codes == [.startedFresh])
        #expect(folder.names.contains { $0.hasPrefix("journal.sqlite.damaged-") })
    }

    @Test func `a file that vanishes while it is written is replaced, and nothing that waited is lost`() throws {
        let folder = try TemporaryFolder()
        let storage = SQLiteDecisionStorage(path: folder.journalPath, sampling: 1)
        let notices = Notices()
        let writer = JournalWriter(settings: JournalSettings(), alarm: DispatchSemaphore(value: 0))
        let duty = JournalDuty(
            writer: writer, storage: storage, retention: JournalRetention(), notify: { notices.append($0) })
        var now = Moment(monotonic: .zero, wall: Samples.wall)
        writer.record(Samples.refusal(1))
        duty.perform(at: now)
        for name in folder.names { try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)") }
        writer.record(Samples.refusal(2))
        duty.perform(at: now)
        now.monotonic = .seconds(1)
        duty.perform(at: now)
        #expect(notices.codes == [.startedFresh, .recovered])
        #expect(notices.all[0].message.contains("nothing is left of it"))
        #expect(try JournalReader(folder: folder.path).records(JournalQuery()) == [Samples.refusal(2)])
        duty.finish(at: now)
    }
}
