import Foundation
import PostgresTestSupport
import Testing
import Vocabulary

@testable import Ledger
@testable import PostgresLedger

/// What is so of PostgreSQL alone: a server that goes and comes back, rights, schemas of others.
@Suite struct PostgresLedgerTests {
    private static func code(_ body: () async throws -> Void) async -> LedgerError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? LedgerError)?.code
        }
    }

    private static func execute(_ script: String, at address: PostgresAddress) throws {
        var connection = try PostgresConnection(to: address)
        try connection.execute(script)
    }

    @Test func `a server that was started anew between two calls goes unnoticed, and one that is away is told`()
        async throws
    {
        let server = try PostgresServer()
        let rig = try LedgerRig(.postgres, server: server)
        let ledger = try rig.open()
        _ = try await ledger.append(Sample.command(1))
        try server.stop()
        try server.start()
        #expect(try await ledger.append(Sample.command(2)).receipt?.sequences == 1..<2)
        #expect(try ledger.store.all().count == 2)
        try server.stop()
        #expect(await PostgresLedgerTests.code { _ = try await ledger.append(Sample.command(3)) } == .unavailable)
        #expect(await PostgresLedgerTests.code { _ = try ledger.store.all() } == .unavailable)
        try server.start()
        #expect(try await ledger.append(Sample.command(3)).receipt?.sequences == 2..<3)
        let report = try LedgerAudit.run(ledger.store)
        #expect(report.isSound, "\(report.findings)")
        ledger.close()
    }

    @Test func `a commit whose answer was lost is found, and not made twice`() async throws {
        let server = try PostgresServer()
        let rig = try LedgerRig(.postgres, server: server)
        try rig.open().close()
        let (store, again) = (try rig.store(), try rig.store())
        let appender = try LedgerAppender(store: store, signer: rig.signer)
        let time = rig.clock.now
        let prepared = try appender.prepare([Sample.command(1)], at: time, reading: store)
        let rival = try appender.prepare([Sample.command(2)], at: time, reading: store)
        try store.write(prepared.changes)
        // For the other store it is as if its connection had been lost between the commit and the answer.
        try server.stop()
        try server.start()
        try again.write(prepared.changes)
        try server.stop()
        try server.start()
        #expect(await PostgresLedgerTests.code { try again.write(rival.changes) } == .otherWriter)
        #expect(await PostgresLedgerTests.code { try store.write(rival.changes) } == .otherWriter)
        #expect(try store.all().count == 1)
        store.close()
        again.close()
    }

    @Test func `a missing, a foreign and a newer schema are told apart`() async throws {
        let server = try PostgresServer.shared.get()
        let missing = try PostgresAddress(server.address())
        #expect(await PostgresLedgerTests.code { _ = try PostgresLedgerStore(readingFrom: missing) } == .noLedger)
        let foreign = try PostgresAddress(server.address())
        try PostgresLedgerTests.execute(
            "CREATE SCHEMA \(foreign.schema); CREATE TABLE \(foreign.schema).other (x int)", at: foreign)
        #expect(await PostgresLedgerTests.code { _ = try PostgresLedgerStore(foreign) } == .notALedger)
        let newer = try PostgresAddress(server.address())
        try PostgresLedgerStore(newer).close()
        try PostgresLedgerTests.execute("UPDATE headgate_ledger SET version = 99", at: newer)
        #expect(await PostgresLedgerTests.code { _ = try PostgresLedgerStore(newer) } == .tooNew)
        #expect(await PostgresLedgerTests.code { _ = try PostgresLedgerStore(readingFrom: newer) } == .tooNew)
        let broken = try LedgerRig(.postgres)
        try broken.open().close()
        try PostgresLedgerTests.execute("DROP TABLE head", at: try #require(broken.address))
        #expect(await PostgresLedgerTests.code { try broken.open().close() } == .notALedger)
    }

    @Test func `who may only read can read, and is told that nothing was appended`() async throws {
        let rig = try LedgerRig(.postgres)
        let address = try #require(rig.address)
        let ledger = try rig.open()
        _ = try await ledger.append(Sample.command(1))
        ledger.close()
        let role = "reader_\(address.schema)"
        try PostgresLedgerTests.execute(
            """
            CREATE ROLE \(role) LOGIN; GRANT USAGE ON SCHEMA \(address.schema) TO \(role);
            GRANT SELECT ON ALL TABLES IN SCHEMA \(address.schema) TO \(role)
            """, at: address)
        let server = try PostgresServer.shared.get()
        let limited = try PostgresAddress(
            server.address(schema: address.schema).replacing("headgate@", with: "\(role)@"))
        let reading = try PostgresLedgerStore(readingFrom: limited)
        #expect(try reading.all().count == 1)
        reading.close()
        let writing = try LedgerWriter(store: try PostgresLedgerStore(limited), signer: rig.signer) { rig.clock.now }
        #expect(await PostgresLedgerTests.code { _ = try await writing.append(Sample.command(2)) } == .readOnly)
        writing.close()
    }

    @Test func `an append is notified, and what is said too much is not believed`() async throws {
        let rig = try LedgerRig(.postgres)
        let address = try #require(rig.address)
        let ledger = try rig.open()
        let alarm = PostgresAlarm(address)
        #expect(alarm.wait() == nil)
        _ = try await ledger.append([Sample.command(1), Sample.command(2)])
        var said: Int64?
        while said == nil { said = alarm.wait() }
        #expect(said == 2)
        let watch = try LedgerWatch(ledger.store)
        try PostgresLedgerTests.execute("NOTIFY \"\(address.channel)\", '1000000'", at: address)
        while alarm.wait() != 1_000_000 {}
        _ = try await ledger.append(Sample.command(3))
        #expect(await watch.extent.size(beyond: 2) == 3)
        watch.close()
        ledger.close()
    }

    @Test func `a follower goes on when the server has come back, and it is told that it was away`() async throws {
        let server = try PostgresServer()
        let rig = try LedgerRig(.postgres, server: server)
        let ledger = try rig.open()
        let store = try rig.readingStore()
        let watch = try LedgerWatch(store)
        var records = watch.records(from: 0)
        for number in 0..<3 {
            #expect(try await ledger.append(Sample.command(number)).receipt?.sequences.lowerBound == Int64(number))
            #expect(try await records.next()?.sequence == Int64(number))
            try server.stop()
            while watch.trouble == nil { await Task.yield() }
            #expect(watch.trouble?.code == .unavailable)
            try server.start()
            while watch.trouble != nil { await Task.yield() }
        }
        watch.close()
        store.close()
        ledger.close()
    }

    @Test func `processes that share a database share its key`() async throws {
        let address = try PostgresServer.shared.get().address()
        let (one, other, third) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
        let first = try LedgerLocation(data: one.path, address: address)
        try first.open { WallTime(milliseconds: 1) }.close()
        let second = try LedgerLocation(data: other.path, address: address)
        let code = await PostgresLedgerTests.code { try second.open { WallTime(milliseconds: 1) }.close() }
        #expect(code == .unavailable)
        try FileManager.default.copyItem(
            atPath: LedgerFolder(path: one.path).signerPath, toPath: LedgerFolder(path: other.path).signerPath)
        let ledger = try second.open { WallTime(milliseconds: 1) }
        #expect(try await ledger.append(Sample.command(1)).receipt?.sequences == 0..<1)
        ledger.close()
        try LedgerFolder(path: third.path).open { WallTime(milliseconds: 1) }.close()
        let stranger = try LedgerLocation(data: third.path, address: address)
        #expect(await PostgresLedgerTests.code { try stranger.open { WallTime(milliseconds: 1) }.close() } == .invalid)
        let reading = try stranger.openForReading()
        #expect(try reading.size() == 1)
        reading.close()
    }
}
