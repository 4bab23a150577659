import Foundation
import GRDB
import Testing
import Vocabulary

@testable import Journal

struct DamageTests {
    @Test func `a folder that is not there, a folder without a journal, and a newer journal are told apart`() throws {
        let folder = try TemporaryFolder()
        func failure() -> JournalError.Code? {
            #expect(throws: JournalError.self) { try JournalReader(folder: folder.path) }?.code
        }
        #expect(
            #expect(throws: JournalError.self) { try JournalReader(folder: folder.path + "/no") }?.code == .noSuchFolder
        )
        #expect(failure() == .noJournal)
        try Data("no database".utf8).write(to: URL(fileURLWithPath: folder.journalPath))
        #expect(failure() == .notAJournal)
        try FileManager.default.removeItem(atPath: folder.journalPath)
        try StoreRig.make(at: folder).close()
        let database = try DatabaseQueue(path: folder.journalPath)
        try database.inDatabase { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(failure() == .tooNew)
        let error = #expect(throws: JournalError.self) { try Archive.forTest(at: folder.path) }
        #expect(error?.code == .tooNew)
        #expect(error?.message.contains("version 99") == true)
        #expect(!folder.names.contains { $0.contains("damaged") })
    }

    @Test func `a locked file is a passing failure`() throws {
        let rig = try StoreRig()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: rig.folder.journalPath, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let failure = #expect(throws: StoreFailure.self) { try rig.write([Samples.refusal(1)]) }
        #expect(failure?.kind == .passing)
        try other.inDatabase { try $0.execute(sql: "COMMIT") }
        try rig.write([Samples.refusal(1)])
        #expect(try rig.reader().extent().count == 1)
    }

    @Test func `a file that may not be written is a passing failure`() throws {
        let rig = try StoreRig()
        let store = try #require(rig.store as? SQLiteDecisionStore)
        try store.queue.inDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
        let failure = #expect(throws: StoreFailure.self) { try rig.write([Samples.refusal(1)]) }
        #expect(failure?.kind == .passing)
    }

    @Test func `a folder that cannot be looked at for a moment has lost nothing`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
        let store = try SQLiteDecisionStorage(path: data + "/journal.sqlite", sampling: 1).open()
        defer { store.close() }
        var batch = JournalBatch()
        batch.records = [Samples.refusal(1)]
        try FileManager.default.moveItem(atPath: data, toPath: data + "-hidden")
        // A link to itself cannot be followed, whoever asks; permissions would not stop root.
        try FileManager.default.createSymbolicLink(atPath: data, withDestinationPath: data)
        let failure = #expect(throws: StoreFailure.self) { try store.write(batch) }
        #expect(failure?.kind == .passing)
        try FileManager.default.removeItem(atPath: data)
        let gone = #expect(throws: StoreFailure.self) { try store.write(batch) }
        #expect(gone?.kind == .damaged)
        try FileManager.default.moveItem(atPath: data + "-hidden", toPath: data)
        try store.write(batch)
        #expect(try JournalReader(folder: data).extent().count == 1)
    }

    @Test func `want of room is told apart from other failures that pass`() {
        func failure(_ code: ResultCode) -> StoreFailure { StoreFailure(DatabaseError(resultCode: code)) }
        for code in [ResultCode.SQLITE_FULL, .SQLITE_IOERR_SHMSIZE] {
            #expect(failure(code).isForWantOfRoom)
            #expect(failure(code).kind == .passing)
        }
        for code in [ResultCode.SQLITE_BUSY, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_CORRUPT] {
            #expect(!failure(code).isForWantOfRoom)
        }
    }

    @Test func `a usage store that can only be read tells its key and its time, an empty one takes the new key`() throws
    {
        let folder = try TemporaryFolder()
        let file = DatabaseFile.usage(at: folder.path + "/usage.sqlite")
        let key = TenantHashKey(high: 1, low: 2)
        func found() throws -> UsageDatabase.Found { try UsageDatabase.found(readOnly: file, hashKey: key) }
        #expect(try found().hashKey == key)
        #expect(try found().lastSaved == nil)
        try Data().write(to: URL(fileURLWithPath: file.path))
        #expect(try found().hashKey == key)
        let archive = try Archive.forTest(at: folder.path)
        archive.usage.markCleanShutdown()
        archive.close()
        #expect(try found().hashKey == archive.usage.hashKey)
        #expect(try found().lastSaved == Samples.wall)
        #expect(try found().wasCleanShutdown)
        try Data(repeating: 7, count: 10_000).write(to: URL(fileURLWithPath: file.path))
        #expect(throws: JournalError.self) { try found() }
    }

    @Test func `who holds the folder can read without the file that readers share`() throws {
        let folder = try TemporaryFolder()
        let archive = try Archive.forTest(at: folder.path)
        archive.usage.markCleanShutdown()
        archive.close()
        let names = folder.names
        let (queue, version) = try DatabaseFile.usage(at: folder.path + "/usage.sqlite").opened(alone: true)
        #expect(version > 0)
        #expect(try queue.inDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM state") ?? 0 } > 0)
        #expect(!folder.names.contains("usage.sqlite-shm"))
        #expect(throws: DatabaseError.self) { try queue.inDatabase { try $0.execute(sql: "DELETE FROM state") } }
        try queue.close()
        #expect(folder.names == names)
    }

    @Test func `a full disk is a passing failure that takes back the whole batch`() throws {
        let rig = try StoreRig()
        try rig.write([Samples.refusal(1)])
        let store = try #require(rig.store as? SQLiteDecisionStore)
        try store.queue.inDatabase { database in
            // The smallest bound SQLite accepts is the size the file has.
            try database.execute(sql: "PRAGMA max_page_count = 1")
        }
        let failure = #expect(throws: StoreFailure.self) {
            try rig.write((2..<5_000).map { Samples.refusal(UInt64($0)) })
        }
        #expect(failure?.kind == .passing)
        #expect(try rig.reader().extent().count == 1)
        try store.queue.inDatabase { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        let late = (2..<5_000).map { number in
            var record = Samples.refusal(UInt64(number))
            record.tenant = "tenant-\(number)"
            return record
        }
        try rig.write(late)
        var query = JournalQuery()
        query.tenant = "tenant-4999"
        #expect(try rig.reader().records(query) == [late[4_997]])
    }

    @Test func `damage in the middle of the file is told to readers, and makes the writer start afresh`() throws {
        let folder = try TemporaryFolder()
        let store = try StoreRig.make(at: folder)
        var batch = JournalBatch()
        batch.records = (0..<5_000).map { Samples.refusal(UInt64($0)) }
        try store.write(batch)
        store.close()
        let place = URL(fileURLWithPath: folder.journalPath)
        let whole = try Data(contentsOf: place)
        try (whole.prefix(3 * 4_096) + Data(repeating: 0xA5, count: whole.count - 3 * 4_096)).write(to: place)
        var query = JournalQuery()
        query.limit = nil
        let error = #expect(throws: JournalError.self) {
            _ = try JournalReader(folder: folder.path).records(query).count
        }
        #expect(error?.code == .damaged || error?.code == .notAJournal)

        let notices = Notices()
        let archive = try Archive.forTest(at: folder.path, notices: notices)
        for number in 0..<10 { archive.journal.record(Samples.refusal(UInt64(number))) }
        archive.close()
        #expect(archive.journal.statistics.written == 10)
        #expect(notices.codes.contains(.startedFresh))
        #expect(try JournalReader(folder: folder.path).extent().count == 10)
    }

    @Test func `whatever bytes a file has, reading throws or answers, and writing goes on`() throws {
        let source = try TemporaryFolder()
        let archive = try Archive.forTest(at: source.path)
        var generator = SeededGenerator(seed: 17)
        for number in 0..<300 {
            var record = Samples.random(using: &generator)
            record.credentialHint = String(repeating: "\(number)", count: 20)
            archive.journal.record(record)
        }
        UsageSource(of: archive.usage).note((0..<300).map { .level($0, "pool", 1) })
        archive.close()
        let journal = try Data(contentsOf: URL(fileURLWithPath: source.journalPath))
        let usage = try Data(contentsOf: URL(fileURLWithPath: source.usagePath))
        for _ in 0..<25 {
            let folder = try TemporaryFolder()
            try damaged(journal, using: &generator).write(to: URL(fileURLWithPath: folder.journalPath))
            try damaged(usage, using: &generator).write(to: URL(fileURLWithPath: folder.usagePath))
            readEverything(in: folder)
            let archive = try Archive.forTest(at: folder.path)
            for number in 0..<20 { archive.journal.record(Samples.refusal(UInt64(number))) }
            _ = try? archive.usage.uses()
            UsageSource(of: archive.usage).note([.level(1, "pool", 1)])
            archive.close()
            let statistics = archive.journal.statistics
            #expect(statistics.written + (statistics.dropped[.throttle] ?? 0) == 20)
            readEverything(in: folder)
        }
    }

    /// The bytes with up to 40 of them changed, mostly past the header, which is tested elsewhere.
    private func damaged(_ data: Data, using generator: inout SeededGenerator) -> Data {
        var data = data
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
            let place = Int.random(in: 100..<data.count, using: &generator)
            data[place] = UInt8.random(in: 0...255, using: &generator)
        }
        return data
    }

    private func readEverything(in folder: TemporaryFolder) {
        guard let reader = try? JournalReader(folder: folder.path) else { return }
        for order in [JournalQuery.Order.newestFirst, .oldestFirst] {
            var query = JournalQuery()
            query.limit = nil
            query.order = order
            try? reader.forEach(query) { record in
                _ = DecisionStory(record, policy: nil).text + JournalTable.line(record) + record.json.compact
            }
        }
        _ = try? reader.extent()
        _ = try? reader.counts()
        _ = try? reader.cursor(backlog: 10)
        _ = try? reader.step(after: JournalCursor(store: "", sequence: 0))
        _ = try? reader.policy(version: Samples.version)
        _ = try? reader.record(id: Samples.refusal(1).id.description)
    }

    @Test func `a log cut anywhere leaves whole commits, from the first on`() throws {
        let rig = try StoreRig()
        let store = try #require(rig.store as? SQLiteDecisionStore)
        try store.queue.inDatabase { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0") }
        for batch in 0..<40 { try rig.write((batch * 25..<(batch + 1) * 25).map { Samples.refusal(UInt64($0)) }) }
        let database = try Data(contentsOf: URL(fileURLWithPath: rig.folder.journalPath))
        let log = try Data(contentsOf: URL(fileURLWithPath: rig.folder.journalPath + "-wal"))
        #expect(log.count > 100_000)
        var generator = SeededGenerator(seed: 2)
        var counts: Set<Int64> = []
        for _ in 0..<40 {
            let folder = try TemporaryFolder()
            let cut = Int.random(in: 0...log.count, using: &generator)
            try database.write(to: URL(fileURLWithPath: folder.journalPath))
            try log.prefix(cut).write(to: URL(fileURLWithPath: folder.journalPath + "-wal"))
            let notices = Notices()
            let archive = try Archive.forTest(at: folder.path, notices: notices)
            archive.close()
            #expect(notices.all.isEmpty)
            let reader = try JournalReader(folder: folder.path)
            var query = JournalQuery()
            query.limit = nil
            query.order = .oldestFirst
            let ids = try reader.records(query).map(\.id)
            #expect(ids.count % 25 == 0)
            #expect(ids == (0..<ids.count).map { Samples.refusal(UInt64($0)).id })
            #expect(try reader.counts().reduce(0) { $0 + $1.decisions } == Int64(ids.count))
            #expect(try reader.problems().isEmpty)
            counts.insert(Int64(ids.count))
        }
        #expect(counts.count > 10)
    }
}

extension StoreRig {
    /// A store in a folder that outlives it.
    static func make(at folder: TemporaryFolder) throws -> any DecisionStore {
        try SQLiteDecisionStorage(path: folder.journalPath, sampling: 1).open()
    }
}

extension JournalReader {
    /// What SQLite's own check finds.
    func problems() throws -> [String] {
        try read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }.filter { $0 != "ok" }
    }
}
