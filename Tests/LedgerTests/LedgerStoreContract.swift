import Testing
import Vocabulary

@testable import Ledger

/// What a ledger promises, on every backend.
@Suite struct LedgerStoreContract {
    @Test(arguments: Backend.allCases) func `a new ledger has a signed checkpoint of nothing`(backend: Backend) throws {
        let rig = try LedgerRig(backend)
        let ledger = try rig.open()
        let head = try #require(try ledger.store.head())
        let checkpoint = try Checkpoint.checked(Array(head.note.utf8), by: rig.signer.verifier).checkpoint
        #expect(checkpoint == Checkpoint(origin: "example.com/ledger", size: 0, root: .ofNothing))
        #expect(try LedgerAudit.run(ledger.store).isSound)
        ledger.close()
    }

    @Test(arguments: Backend.allCases)
    func `what was appended is there, in order, after opening again`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let first = try rig.open()
        rig.clock.set(5_000)
        #expect(
            try await first.append(Sample.command(1))
                == .appended(LedgerReceipt(sequences: 0..<1, time: WallTime(milliseconds: 5_000))))
        let many = LedgerCommand(
            actor: "operator/8", events: [Sample.event(2), Sample.event(3, stream: "plan/growth"), Sample.event(4)])
        #expect(try await first.append(many).receipt?.sequences == 1..<4)
        first.close()

        let second = try rig.open()
        let records = try second.store.all().map { try #require(try $0.record()) }
        #expect(records.map(\.sequence) == [0, 1, 2, 3])
        #expect(records.map(\.stream) == ["tenant/acme", "tenant/acme", "plan/growth", "tenant/acme"])
        #expect(records.map(\.version) == [1, 2, 1, 3])
        #expect(records.map(\.actor) == ["operator/7", "operator/8", "operator/8", "operator/8"])
        #expect(records[3].payload == Sample.event(4).payload)
        #expect(try await second.append(Sample.command(5)).receipt?.sequences == 4..<5)
        let report = try LedgerAudit.run(second.store, trusted: rig.signer.verifier)
        #expect(report.isSound, "\(report.findings)")
        #expect(report.checkpoint.size == 5)
        second.close()
    }

    @Test(arguments: Backend.allCases)
    func `a command that expects another version is refused, and leaves nothing behind`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let ledger = try rig.open()
        #expect(try await ledger.append(Sample.command(1, expecting: 0)).receipt != nil)
        #expect(
            try await ledger.append(Sample.command(2, expecting: 0))
                == .refused(.versionConflict(stream: "tenant/acme", expected: 0, actual: 1)))
        #expect(try await ledger.append(Sample.command(3, expecting: 1)).receipt != nil)
        // Judged one after the other also within one commit: the second of two that expect the same is too late.
        let answers = try await ledger.append([Sample.command(4, expecting: 2), Sample.command(5, expecting: 2)])
        #expect(answers[0].receipt?.sequences == 2..<3)
        #expect(answers[1] == .refused(.versionConflict(stream: "tenant/acme", expected: 2, actual: 3)))
        // A version of a stream that is only looked at counts too.
        var guarded = Sample.command(6, stream: "tenant/other")
        guarded.expectedVersions = ["tenant/acme": 2]
        guard case .refused = try await ledger.append(guarded) else {
            Issue.record("was not refused")
            return
        }
        #expect(try ledger.store.all().count == 3)
        ledger.close()
    }

    @Test(arguments: Backend.allCases)
    func `a repeated command gets the first answer, also after opening again`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        var ledger = try rig.open()
        let command = Sample.command(1, id: "c-1", expecting: 0)
        let twice = try await ledger.append([command, command])
        let receipt = try #require(twice[0].receipt)
        #expect(twice[1] == .repeated(receipt))
        rig.clock.set(9_000)
        #expect(try await ledger.append(command) == .repeated(receipt))
        ledger.close()
        ledger = try rig.open()
        #expect(try await ledger.append(command) == .repeated(receipt))
        #expect(try await ledger.append(Sample.command(2, id: "c-1")) == .refused(.idReused("c-1")))
        var other = command
        other.actor = "operator/9"
        #expect(try await ledger.append(other) == .refused(.idReused("c-1")))
        #expect(try ledger.store.all().count == 1)
        ledger.close()
    }

    @Test(arguments: Backend.allCases) func `a malformed command is refused`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let ledger = try rig.open()
        let large = [UInt8](repeating: 1, count: LedgerCommand.payloadBytesMax)
        var commands = [
            LedgerCommand(actor: "a", events: []),
            LedgerCommand(actor: "", events: [Sample.event(1)]),
            LedgerCommand(actor: "a", events: [Sample.event(1, stream: "")]),
            LedgerCommand(actor: String(repeating: "a", count: 256), events: [Sample.event(1)]),
            LedgerCommand(id: String(repeating: "a", count: 256), actor: "a", events: [Sample.event(1)]),
            LedgerCommand(actor: "a", events: [LedgerEvent(stream: "s", type: "t", payload: large + [1])]),
            LedgerCommand(
                actor: "a", events: Array(repeating: LedgerEvent(stream: "s", type: "t", payload: large), count: 17)),
        ]
        commands.append(
            LedgerCommand(actor: "a", events: (0...LedgerCommand.eventCountMax).map { Sample.event($0) }))
        var erasing = Sample.command(1)
        erasing.erasures = [0]
        commands.append(erasing)
        commands.append(Sample.command(1, id: "a\0b"))
        commands.append(Sample.command(1, stream: "a\0b"))
        for answer in try await ledger.append(commands) {
            guard case .refused(.malformed) = answer else {
                Issue.record("was not refused: \(answer)")
                continue
            }
        }
        #expect(
            try await ledger.append(
                LedgerCommand(
                    actor: "a",
                    events: [
                        LedgerEvent(stream: "s", type: "t", payload: large)
                    ])
            ).receipt != nil)
        ledger.close()
    }

    @Test(arguments: Backend.allCases) func `times never go back, and find their place`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let ledger = try rig.open()
        for time in [1_000, 3_000, 2_000, 3_000, 7_000] as [Int64] {
            rig.clock.set(time)
            _ = try await ledger.append(Sample.command(Int(time)))
        }
        #expect(try ledger.store.all().map(\.time.milliseconds) == [1_000, 3_000, 3_000, 3_000, 7_000])
        let sizes = try [999, 1_000, 2_999, 3_000, 6_999, 7_000, .max].map { (moment: Int64) in
            try ledger.store.size(at: WallTime(milliseconds: moment), in: 5)
        }
        #expect(sizes == [0, 1, 1, 4, 4, 5, 5])
        ledger.close()
        // Also not when the clock went back while nobody wrote.
        rig.clock.set(10)
        let again = try rig.open()
        #expect(try await again.append(Sample.command(6)).receipt?.time == WallTime(milliseconds: 7_000))
        again.close()
    }

    @Test(arguments: Backend.allCases) func `queries find what they ask for`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let ledger = try rig.open()
        let commands = (0..<60).map { number in
            LedgerCommand(
                actor: "operator/\(number % 3)",
                events: [Sample.event(number, stream: "tenant/\(number % 4)", type: "type.\(number % 5)")])
        }
        _ = try await ledger.append(commands)
        func find(_ change: (inout LedgerQuery) -> Void) throws -> [Int64] {
            var query = LedgerQuery(limit: 100)
            change(&query)
            return try ledger.store.entries(query).map(\.sequence)
        }
        #expect(try find { $0.stream = "tenant/3" } == (0..<60).filter { $0 % 4 == 3 })
        #expect(try find { $0.actor = "operator/2" } == (0..<60).filter { $0 % 3 == 2 })
        #expect(try find { $0.type = "type.4" } == (0..<60).filter { $0 % 5 == 4 })
        #expect(
            try find {
                $0.stream = "tenant/3"
                $0.actor = "operator/2"
                $0.type = "type.4"
            } == [59])
        #expect(try find { $0.range = 10..<13 } == [10, 11, 12])
        #expect(try find { $0.limit = 2 } == [0, 1])
        #expect(
            try find {
                $0.limit = 2
                $0.isNewestFirst = true
            } == [59, 58])
        #expect(try find { $0.text = "\"number\":5}" } == [5])
        #expect(try find { $0.text = "\"number\":5" } == [5] + (50..<60))
        #expect(try find { $0.text = "nothing" } == [])
        #expect(try find { $0.stream = "tenant/4" } == [])
        ledger.close()
    }

    @Test(arguments: Backend.allCases)
    func `an erased record is gone, and all that was proven stays so`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let ledger = try rig.open()
        _ = try await ledger.append((0..<300).map { Sample.command($0, id: "c-\($0)") })
        let before = try LedgerProver(ledger.store)
        let proof = try before.proof(of: 17)
        let root = before.checkpoint.root
        var erasing = Sample.command(300, stream: "erasures")
        erasing.erasures = [17, 18]
        #expect(try await ledger.append(erasing).receipt?.sequences == 300..<301)

        let entry = try #require(try ledger.store.entries(LedgerQuery(range: 17..<18, limit: 1)).first)
        #expect(try entry.record() == nil)
        #expect(entry.actor.isEmpty)
        let report = try LedgerAudit.run(ledger.store)
        #expect(report.isSound, "\(report.findings)")
        #expect(report.erasedCount == 2)
        // The old proof still holds, and so does a new one, which no longer says what was recorded.
        _ = try proof.checked(entry: LeafEntry.bytes(commitment: entry.commitment), by: rig.signer.verifier)
        let after = try LedgerProver(ledger.store)
        #expect(try after.root(at: 300) == root)
        let blank = try after.proof(of: 17)
        #expect(ProofEvidence(blank.extra ?? []) == .commitment(entry.commitment))
        _ = try blank.checked(entry: LeafEntry.bytes(commitment: entry.commitment), by: rig.signer.verifier)
        // The command is still known, and erasing again changes nothing.
        #expect(try await ledger.append(Sample.command(17, id: "c-17")).receipt?.sequences == 17..<18)
        #expect(try await ledger.append(erasing).receipt?.sequences == 301..<302)
        #expect(try LedgerAudit.run(ledger.store).isSound)
        ledger.close()
    }

    @Test(arguments: Backend.allCases)
    func `a follower gets everything once, from where it began`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let ledger = try rig.open()
        _ = try await ledger.append((0..<700).map { Sample.command($0) })
        try await withThrowingTaskGroup { group in
            for start in [0, 699, 700, 1_000] as [Int64] {
                let follower = ledger.records(from: start)
                group.addTask {
                    var seen: [Int64] = []
                    for try await entry in follower {
                        seen.append(entry.sequence)
                        if entry.sequence == 1_199 { break }
                    }
                    #expect(seen == Array(start...1_199))
                }
            }
            for number in 700..<1_200 { _ = try await ledger.append(Sample.command(number)) }
            try await group.waitForAll()
        }
        // One who waits is let go when the ledger is closed, or when nobody wants it any more.
        try await withThrowingTaskGroup { group in
            let follower = ledger.records(from: 1_200)
            group.addTask { for try await _ in follower { Issue.record("there is nothing to come") } }
            group.cancelAll()
            try await group.waitForAll()
            group.addTask { for try await _ in follower { Issue.record("there is nothing to come") } }
            group.addTask { ledger.close() }
            try await group.waitForAll()
        }
    }

    @Test(arguments: Backend.allCases) func `a snapshot is kept until the next one`(backend: Backend) throws {
        let rig = try LedgerRig(backend)
        let store = try rig.store()
        #expect(try store.snapshot(named: "tenants/1") == nil)
        for sequence in [5, 9] as [Int64] {
            let snapshot = LedgerSnapshot(name: "tenants/1", sequence: sequence, bytes: [1, 2, UInt8(sequence)])
            try store.save(snapshot)
            #expect(try store.snapshot(named: "tenants/1") == snapshot)
        }
        #expect(try store.snapshot(named: "tenants/2") == nil)
        store.close()
    }

    @Test(arguments: Backend.allCases)
    func `a second writer goes on where the first one left off, by the versions that hold then`(
        backend: Backend
    ) async throws {
        let rig = try LedgerRig(backend)
        let first = try rig.open()
        let second = try rig.open()
        let command = Sample.command(1, id: "c-1", expecting: 0)
        let receipt = try await first.append(command).receipt
        #expect(receipt?.sequences == 0..<1)
        // What the second one answers without appending is of now, too: the version, the id, what can be erased.
        #expect(
            try await second.append(Sample.command(2, expecting: 0))
                == .refused(.versionConflict(stream: "tenant/acme", expected: 0, actual: 1)))
        #expect(try await second.append(command).receipt == receipt)
        _ = try await first.append(Sample.command(2))
        var erasing = Sample.command(3, stream: "erasures")
        erasing.erasures = [1]
        #expect(try await second.append(erasing).receipt?.sequences == 2..<3)
        #expect(try await first.append(Sample.command(4, expecting: 2)).receipt?.sequences == 3..<4)
        #expect(try await second.append(Sample.command(5)).receipt?.sequences == 4..<5)
        #expect(try first.store.all().count == 5)
        let report = try LedgerAudit.run(first.store)
        #expect(report.isSound, "\(report.findings)")
        first.close()
        second.close()
    }

    @Test(arguments: Backend.allCases) func `another key does not go on with a ledger`(backend: Backend) throws {
        let rig = try LedgerRig(backend)
        try rig.open().close()
        let stranger = try NoteSigner(name: "example.com/ledger")
        let error = #expect(throws: LedgerError.self) { try rig.open(signer: stranger).close() }
        #expect(error?.code == .invalid)
    }

    @Test(arguments: Backend.allCases)
    func `many callers at once are answered each with their own places`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let ledger = try rig.open()
        try await withThrowingTaskGroup(of: [Range<Int64>].self) { group in
            for caller in 0..<20 {
                group.addTask {
                    var places: [Range<Int64>] = []
                    for number in 0..<25 {
                        let command = Sample.command(number, stream: "tenant/\(caller)", expecting: Int64(number))
                        places.append(try #require(try await ledger.append(command).receipt).sequences)
                    }
                    return places
                }
            }
            var all: [Int64] = []
            for try await places in group {
                #expect(places == places.sorted { $0.lowerBound < $1.lowerBound })
                all += places.flatMap { Array($0) }
            }
            #expect(all.sorted() == Array(0..<500))
        }
        let report = try LedgerAudit.run(ledger.store)
        #expect(report.isSound, "\(report.findings)")
        ledger.close()
        await #expect(throws: LedgerError.self) { _ = try await ledger.append(Sample.command(1)) }
    }
}
