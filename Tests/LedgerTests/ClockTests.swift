import Testing
import Vocabulary

@testable import Ledger

/// What becomes of the times of records when a clock is wrong for a while.
@Suite struct ClockTests {
    private static let year: Int64 = 31_557_600_000
    private static let beginning: Int64 = 1_795_219_200_000

    @Test(arguments: Backend.allCases)
    func `a clock that was a year ahead keeps nothing in the future`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        func places(of number: Int, at moment: Int64, in writer: LedgerWriter) async throws -> Range<Int64>? {
            rig.clock.set(moment)
            let answer: LedgerAnswer = try await writer.append(Sample.command(number, id: "c\(number)"))
            return answer.receipt?.sequences
        }
        let ledger = try rig.open()
        _ = try await places(of: 0, at: ClockTests.beginning, in: ledger)
        _ = try await places(of: 1, at: ClockTests.beginning + 1_000, in: ledger)
        #expect(try await places(of: 2, at: ClockTests.beginning + ClockTests.year + 1_000, in: ledger) == 2..<3)
        // Set right again: the next commit says so, in front of its own records, and once.
        let right = ClockTests.beginning + 5_000
        #expect(try await places(of: 3, at: right, in: ledger) == 4..<5)
        #expect(try await places(of: 4, at: right + 1_000, in: ledger) == 5..<6)
        let entries = try ledger.store.all()
        #expect(
            entries.map { $0.time.milliseconds - ClockTests.beginning } == [
                0, 1_000, ClockTests.year + 1_000, 5_000, 5_000, 6_000,
            ])
        let note = try #require(try entries[3].record())
        #expect(note.type == "ledger.clock_set_back" && note.stream == "ledger" && note.actor == "system/ledger")
        #expect(String(decoding: note.payload, as: UTF8.self).hasPrefix(#"{"from":"2027-"#))
        #expect(try LedgerAudit.run(ledger.store).findings == [])
        // What had been appended while the clock was ahead was there when the clock was right again, and not before.
        func size(at offset: Int64) throws -> Int64 {
            try ledger.store.size(at: WallTime(milliseconds: ClockTests.beginning + offset), in: 6)
        }
        #expect(try size(at: -1) == 0)
        #expect(try size(at: 1_000) == 2)
        #expect(try size(at: 4_999) == 2)
        #expect(try size(at: 5_000) == 5)
        #expect(try size(at: 6_000) == 6)
        #expect(try size(at: 2 * ClockTests.year) == 6)
        // A repeat finds its record behind the note.
        rig.clock.set(right + 2_000)
        #expect(try await ledger.append(Sample.command(3, id: "c3")).receipt?.sequences == 4..<5)
        ledger.close()
        // The same in a process that begins while the clock is behind the last record.
        let next = try rig.open()
        #expect(try await places(of: 5, at: right + 3_000, in: next) == 6..<7)
        next.close()
    }

    @Test func `clocks that differ a little, and one that has forgotten everything, let time stand still`() async throws
    {
        let rig = try LedgerRig()
        let ledger = try rig.open()
        for moment in [0, 50_000, 1_000, 49_000, 60_000] as [Int64] {
            rig.clock.set(ClockTests.beginning + moment)
            _ = try await ledger.append(Sample.command(Int(moment)))
        }
        rig.clock.set(0)
        _ = try await ledger.append(Sample.command(6))
        #expect(
            try ledger.store.all().map { $0.time.milliseconds - ClockTests.beginning } == [
                0, 50_000, 50_000, 50_000, 60_000, 60_000,
            ])
        #expect(try LedgerAudit.run(ledger.store).isSound)
        ledger.close()
    }

    @Test func `a command that is refused does not set time back`() async throws {
        let rig = try LedgerRig()
        let ledger = try rig.open()
        rig.clock.set(ClockTests.beginning)
        _ = try await ledger.append(Sample.command(0))
        rig.clock.set(ClockTests.beginning + ClockTests.year)
        _ = try await ledger.append(Sample.command(1))
        rig.clock.set(ClockTests.beginning + 1)
        let answer = try await ledger.append(Sample.command(2, expecting: 7))
        #expect(answer.receipt == nil)
        #expect(ledger.extent.size == 2)
        ledger.close()
    }

    @Test func `records that are older than those before them are found where nothing says that time was set back`()
        async throws
    {
        let rig = try LedgerRig()
        let ledger = try rig.open()
        rig.clock.set(ClockTests.beginning + ClockTests.year)
        _ = try await ledger.append(Sample.command(0))
        ledger.close()
        // A writer that does not know the rule: what it signs is whole, and out of order.
        let store = try rig.store()
        let appender = try LedgerAppender(store: store, signer: rig.signer)
        let entry = LedgerEntry(
            LedgerRecord(
                sequence: 1, time: WallTime(milliseconds: ClockTests.beginning), actor: "a", type: "t", stream: "s",
                version: 1, command: "", payload: []),
            salt: 7)
        var edge = try TileEdge(size: 1, tiles: store)
        var changes = LedgerChanges(before: appender.head, after: StoredHead(note: "", verifier: ""))
        changes.tiles = edge.append([.leaf(LeafEntry.bytes(commitment: entry.commitment))])
        let checkpoint = Checkpoint(origin: rig.signer.verifier.id.name, size: 2, root: edge.range.root)
        changes.after = StoredHead(
            note: try rig.signer.sign(checkpoint.noteText).description, verifier: rig.signer.verifier.text)
        changes.entries = [entry]
        try store.write(changes)
        #expect(try LedgerAudit.run(store).findings.map(\.kind) == [.disorder])
        store.close()
    }
}

extension LedgerEntry {
    /// An entry whose salt is one byte over and over.
    fileprivate init(_ record: LedgerRecord, salt: UInt8) {
        self.init(
            record,
            seal: RecordSeal(salt: [UInt8](repeating: salt, count: RecordSeal.saltByteCount), record: record.bytes))
    }
}
