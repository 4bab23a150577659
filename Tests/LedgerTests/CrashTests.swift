import Foundation
import PostgresLedger
import PostgresTestSupport
import Synchronization
import Testing
import Vocabulary

@testable import Ledger

/// The writing process is killed at any moment; what it has acknowledged has to be there.
///
/// Each round is a child process: it appends from several tasks and writes down what was acknowledged, until a thread
/// of its own kills it after a seeded number of acknowledgements and some more turns. All rounds go on with the same
/// ledger.
struct LedgerCrashTests {
    /// How many rounds one run has; HEADGATE_CRASH_ROUNDS asks for more.
    private static func rounds(on backend: Backend) -> Int {
        let asked = ProcessInfo.processInfo.environment["HEADGATE_CRASH_ROUNDS"].flatMap { Int($0) }
        return asked ?? (backend == .sqlite ? 200 : 40)
    }

    /// Each so many rounds everything is looked at, not only what is new.
    private static let thoroughRound = 50

    private static func file(_ folder: String, round: Int) -> String { "\(folder)/acknowledged-\(round)" }

    /// Appends until it is killed.
    private static func appendUntilKilled(
        in folder: String, address: String?, round: Int, seed: UInt64
    ) async throws {
        var chance = SeededGenerator(seed: seed)
        let acknowledged = try FileHandle(forWritingTo: URL(fileURLWithPath: file(folder, round: round)))
        let count = Counter()
        // Some rounds die while they open the ledger; most while they write, at any part of a commit.
        let diesEarly = Int.random(in: 0..<8, using: &chance) == 0
        let goal = diesEarly ? 0 : Int.random(in: 1...60, using: &chance)
        let turns = Int.random(in: 0..<200_000, using: &chance)
        let executioner = Thread {
            while count.value < goal {}
            var sum = 0
            for turn in 0..<turns { sum &+= turn.nonzeroBitCount }
            kill(getpid(), sum == -1 ? 0 : SIGKILL)
        }
        executioner.start()
        let ledger = try open(folder, address)
        try await withThrowingTaskGroup { group in
            for task in 0..<4 {
                group.addTask {
                    for number in 0... {
                        let id = "\(round)/\(task)/\(number)"
                        let events = (0...number % 3).map { part in
                            LedgerEvent(stream: "task/\(task)", type: "tick", payload: Array("\(id)/\(part)".utf8))
                        }
                        let answer = try await ledger.append(LedgerCommand(id: id, actor: "child", events: events))
                        guard let receipt = answer.receipt else { exit(3) }
                        // One call, one line: it is in the file as a whole or not at all.
                        let line = "\(id) \(receipt.sequences.lowerBound) \(receipt.sequences.upperBound)\n"
                        try acknowledged.write(contentsOf: Data(line.utf8))
                        count.add()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func open(_ folder: String, _ address: String?) throws -> LedgerWriter {
        try LedgerLocation(data: folder, address: address).open(origin: "example.com/crashes") {
            WallTime(milliseconds: 1)
        }
    }

    @Test(arguments: Backend.allCases)
    func `every acknowledged event is there, none twice, and the tree verifies`(backend: Backend) async throws {
        let seed: UInt64 = 20_261
        let rounds = LedgerCrashTests.rounds(on: backend)
        let address = backend == .postgres ? try PostgresServer.shared.get().address() : nil
        let folder = try TemporaryFolder()
        var chance = SeededGenerator(seed: seed)
        var checked: Int64 = 0
        var commands = 0
        for round in 0..<rounds {
            let childSeed = chance.next()
            try Data().write(to: URL(fileURLWithPath: LedgerCrashTests.file(folder.path, round: round)))
            await #expect(processExitsWith: .signal(SIGKILL), "seed \(seed), round \(round)") {
                [
                    path = folder.path as String, address = address as String?, round = round as Int,
                    childSeed = childSeed as UInt64
                ] in
                try await LedgerCrashTests.appendUntilKilled(
                    in: path, address: address, round: round, seed: childSeed)
            }
            let isThorough =
                (round + 1).isMultiple(of: LedgerCrashTests.thoroughRound) || round == rounds - 1
            let found = try LedgerCrashTests.check(
                folder.path, address, rounds: isThorough ? 0...round : round...round, from: isThorough ? 0 : checked)
            checked = found.size
            commands = isThorough ? found.commands : commands
        }
        print("\(backend): \(rounds) kills, \(commands) acknowledged commands, \(checked) records")
        // Seven of eight rounds are let live until they have one at least; a run without many would show nothing.
        #expect(commands > rounds)
    }

    /// Holds the ledger, from a record on, against what was acknowledged in some rounds; all of it with an audit.
    private static func check(
        _ path: String, _ address: String?, rounds: ClosedRange<Int>, from first: Int64
    ) throws -> (size: Int64, commands: Int) {
        // Opening for appending recovers what the child has left, as the next server would.
        let ledger = try open(path, address)
        defer { ledger.close() }
        let entries = try ledger.store.entries(LedgerQuery(range: first..<Int64.max, limit: 10_000_000))
        var payloads: [Int64: String] = [:]
        for entry in entries {
            payloads[entry.sequence] = String(decoding: try #require(try entry.record()).payload, as: UTF8.self)
        }
        #expect(Set(payloads.values).count == payloads.count)
        var commands = 0
        for round in rounds {
            let lines = try String(contentsOfFile: file(path, round: round), encoding: .utf8).split(separator: "\n")
            commands += lines.count
            for line in lines {
                let words = line.split(separator: " ")
                let range = try #require(Int64(words[1]))..<(try #require(Int64(words[2])))
                for (part, sequence) in range.enumerated() { #expect(payloads[sequence] == "\(words[0])/\(part)") }
            }
        }
        if first == 0 {
            let report = try LedgerAudit.run(ledger.store)
            #expect(report.isSound, "\(report.findings)")
            #expect(report.checkpoint.size == Int64(entries.count))
        }
        return (ledger.extent.size, commands)
    }
}

/// The server is stopped as by a crash, again and again, while somebody appends; who gets no answer asks again.
struct ServerCrashTests {
    private static let rounds = 10
    private static let taskCount = 4

    @Test func `what a crashed server has acknowledged is there, and what was asked twice is there once`() async throws
    {
        let server = try PostgresServer()
        let rig = try LedgerRig(.postgres, server: server)
        let ledger = try rig.open()
        let acknowledged = Counter()
        let isOver = Counter()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<ServerCrashTests.taskCount {
                group.addTask {
                    var number = 0
                    while isOver.value == 0 {
                        do {
                            let command = Sample.command(number, id: "\(task)/\(number)", stream: "task/\(task)")
                            let receipt = try await ledger.append(command).receipt
                            #expect(receipt?.sequences.count == 1)
                            number += 1
                            acknowledged.add()
                        } catch let error as LedgerError where error.code == .unavailable {
                            await Task.yield()
                        }
                    }
                    return number
                }
            }
            group.addTask {
                for round in 0..<ServerCrashTests.rounds {
                    let goal = acknowledged.value + 7 * (round + 1)
                    while acknowledged.value < goal { await Task.yield() }
                    try server.stop()
                    try server.start()
                }
                isOver.add()
                return 0
            }
            let appended = try await group.reduce(0, +)
            #expect(appended == acknowledged.value)
        }
        let entries = try ledger.store.all()
        #expect(entries.count == acknowledged.value)
        for task in 0..<ServerCrashTests.taskCount {
            let records = try entries.filter { $0.stream == "task/\(task)" }.map { try #require(try $0.record()) }
            #expect(records.map(\.command) == records.indices.map { "\(task)/\($0)" })
        }
        let report = try LedgerAudit.run(ledger.store)
        #expect(report.isSound, "\(report.findings)")
        ledger.close()
    }
}

/// Counts what several tasks do.
private final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .acquiring) }

    func add() { count.add(1, ordering: .acquiringAndReleasing) }
}
