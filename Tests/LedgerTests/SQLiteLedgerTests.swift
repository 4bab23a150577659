import Foundation
import GRDB
import Testing
import Vocabulary

@testable import Ledger

/// What is so of SQLite alone: a disk that is full, a file that may only be read, or is something else.
@Suite struct SQLiteLedgerTests {
    private static func code(_ body: () async throws -> Void) async -> LedgerError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? LedgerError)?.code
        }
    }

    @Test func `a full disk is told, nothing of the commit stays, and it goes on when there is room`() async throws {
        let rig = try LedgerRig()
        let ledger = try rig.open()
        _ = try await ledger.append(Sample.command(1))
        let store = try #require(ledger.store as? SQLiteLedgerStore)
        try store.limitPages(added: 4)
        let large = LedgerCommand(
            id: "large", actor: "a",
            events: [LedgerEvent(stream: "s", type: "t", payload: [UInt8](repeating: 7, count: 500_000))])
        #expect(await SQLiteLedgerTests.code { _ = try await ledger.append([large, Sample.command(2)]) } == .noRoom)
        #expect(try store.all().count == 1)
        #expect(try LedgerAudit.run(store).isSound)
        #expect(ledger.state.trouble?.code == .noRoom && ledger.state.failureCount == 1)
        try store.limitPages(added: 1_000_000)
        ledger.retry()
        #expect(ledger.state.trouble == nil)
        #expect(try await ledger.append(large).receipt?.sequences == 1..<2)
        #expect(try LedgerAudit.run(store).isSound)
        ledger.close()
    }

    @Test func `a file that was removed or replaced while it was open is not appended to, and one that comes back is`()
        async throws
    {
        let rig = try LedgerRig()
        let ledger = try rig.open()
        _ = try await ledger.append(Sample.command(1))
        let aside = rig.path + ".aside"
        try FileManager.default.moveItem(atPath: rig.path, toPath: aside)
        #expect(await SQLiteLedgerTests.code { _ = try await ledger.append(Sample.command(2)) } == .replaced)
        #expect(ledger.state.trouble?.code == .replaced)
        try FileManager.default.copyItem(atPath: aside, toPath: rig.path)
        #expect(await SQLiteLedgerTests.code { _ = try await ledger.append(Sample.command(2)) } == .replaced)
        ledger.retry()
        #expect(ledger.state.trouble?.code == .replaced)
        try FileManager.default.removeItem(atPath: rig.path)
        try FileManager.default.moveItem(atPath: aside, toPath: rig.path)
        #expect(try await ledger.append(Sample.command(2)).receipt?.sequences == 1..<2)
        #expect(ledger.state.trouble == nil && ledger.state.failureCount == 2)
        #expect(try LedgerAudit.run(ledger.store).isSound)
        ledger.close()
    }

    @Test func `a key that others can read is refused`() async throws {
        let temporary = try TemporaryFolder()
        let folder = LedgerFolder(path: temporary.path + "/data")
        let clock = TestClock()
        try folder.open { clock.now }.close()
        for (mode, isRefused) in [(0o644, true), (0o640, true), (0o602, true), (0o400, false), (0o600, false)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.signerPath)
            let code = await SQLiteLedgerTests.code { try folder.open { clock.now }.close() }
            #expect(code == (isRefused ? .invalid : nil), "\(String(mode, radix: 8))")
        }
    }

    @Test func `a ledger opened for reading cannot be written`() async throws {
        let rig = try LedgerRig()
        try rig.open().close()
        let store = try rig.readingStore()
        #expect(
            await SQLiteLedgerTests.code {
                try store.save(LedgerSnapshot(name: "n", sequence: 0, bytes: []))
            } == .readOnly)
        store.close()
    }

    @Test func `a missing, a foreign and a newer file are told apart`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/ledger.sqlite"
        #expect(await SQLiteLedgerTests.code { _ = try SQLiteLedgerStore(readingFrom: path) } == .noLedger)
        try Data(String(repeating: "nonsense", count: 1_000).utf8).write(to: URL(fileURLWithPath: path))
        #expect(await SQLiteLedgerTests.code { _ = try SQLiteLedgerStore(path: path) } == .notALedger)
        try FileManager.default.removeItem(atPath: path)
        let foreign = try DatabaseQueue(path: path)
        try await foreign.write { try $0.execute(sql: "PRAGMA application_id = 7; CREATE TABLE t (x)") }
        try foreign.close()
        #expect(await SQLiteLedgerTests.code { _ = try SQLiteLedgerStore(path: path) } == .notALedger)
        try FileManager.default.removeItem(atPath: path)
        try SQLiteLedgerStore(path: path).close()
        let newer = try DatabaseQueue(path: path)
        try await newer.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        try newer.close()
        #expect(await SQLiteLedgerTests.code { _ = try SQLiteLedgerStore(path: path) } == .tooNew)
    }

    @Test func `nothing of an erased record is left in the files`() async throws {
        let rig = try LedgerRig()
        let ledger = try rig.open()
        let secret = "jane.doe@example.com"
        _ = try await ledger.append(
            LedgerCommand(
                actor: "operator/7", events: [LedgerEvent(stream: "s", type: "t", payload: Array(secret.utf8))]))
        func isThere() throws -> Bool {
            try ["", "-wal"].contains { suffix in
                let file = rig.path + suffix
                guard FileManager.default.fileExists(atPath: file) else { return false }
                return try Data(contentsOf: URL(fileURLWithPath: file)).firstRange(of: Data(secret.utf8)) != nil
            }
        }
        #expect(try isThere())
        var erasing = Sample.command(1)
        erasing.erasures = [0]
        _ = try await ledger.append(erasing)
        #expect(try !isThere())
        ledger.close()
    }

    @Test func `a folder gets a key of its own that only its owner can read, and keeps it`() async throws {
        let temporary = try TemporaryFolder()
        let folder = LedgerFolder(path: temporary.path + "/data")
        #expect(await SQLiteLedgerTests.code { _ = try folder.openForReading() } == .noLedger)
        let clock = TestClock()
        let ledger = try folder.open { clock.now }
        _ = try await ledger.append(Sample.command(1))
        ledger.close()
        let mode = try FileManager.default.attributesOfItem(atPath: folder.signerPath)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let again = try folder.open { clock.now }
        #expect(try await again.append(Sample.command(2)).receipt?.sequences == 1..<2)
        let verifier = try String(contentsOfFile: folder.verifierPath, encoding: .utf8)
        #expect(try again.store.head()?.verifier == verifier.trimmingCharacters(in: .whitespacesAndNewlines))
        again.close()
        try FileManager.default.removeItem(atPath: folder.signerPath)
        #expect(await SQLiteLedgerTests.code { _ = try folder.open { clock.now } } == .unavailable)
    }
}

extension SQLiteLedgerStore {
    /// Lets the file grow by so many pages and no further, as a disk would that is full then.
    fileprivate func limitPages(added: Int) throws {
        try writer?.inDatabase { database in
            let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(count + added)")
        }
    }
}
