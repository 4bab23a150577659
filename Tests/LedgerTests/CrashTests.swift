import Foundation
import Synchronization
import Testing
import Vocabulary

@testable import Ledger

/// The writing process is killed at any moment; what it has acknowledged has to be there.
///
/// Each round is a child process: it appends from several tasks, writes down what was acknowledged, and a thread of its
/// own kills it after a seeded number of turns. All rounds of one seed go on with the same ledger.
struct LedgerCrashTests {
    /// How many rounds one run has; HEADGATE_CRASH_ROUNDS asks for more.
    private static let rounds = ProcessInfo.processInfo.environment["HEADGATE_CRASH_ROUNDS"].flatMap { Int($0) } ?? 200

    /// Appends until it is killed.
    private static func appendUntilKilled(in folder: String, round: Int, seed: UInt64) async throws {
        var chance = SeededGenerator(seed: seed)
        let acknowledged = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/acknowledged"))
        try acknowledged.seekToEnd()
        // Some rounds die while they open the ledger, most while they write.
        let turns = Int.random(in: 0..<8, using: &chance) == 0 ? 0 : Int.random(in: 1..<400_000, using: &chance)
        let hasBegun = Flag(turns == 0)
        let executioner = Thread {
            while !hasBegun.isSet {}
            var sum = 0
            for turn in 0..<turns { sum &+= turn.nonzeroBitCount }
            kill(getpid(), sum == -1 ? 0 : SIGKILL)
        }
        executioner.start()
        let ledger = try LedgerFolder(path: folder).open(origin: "example.com/crashes") { WallTime(milliseconds: 1) }
        hasBegun.set()
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
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: [UInt64(20_261)])
    func `every acknowledged event is there, none twice, and the tree verifies`(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/acknowledged"))
        var chance = SeededGenerator(seed: seed)
        var checked: Int64 = 0
        for round in 0..<LedgerCrashTests.rounds {
            let childSeed = chance.next()
            await #expect(processExitsWith: .signal(SIGKILL), "seed \(seed), round \(round)") {
                [path = folder.path as String, round = round as Int, childSeed = childSeed as UInt64] in
                try await LedgerCrashTests.appendUntilKilled(in: path, round: round, seed: childSeed)
            }
            // The whole ledger every now and then, what is new each time.
            let isThorough = round % 50 == 49 || round == LedgerCrashTests.rounds - 1
            checked = try LedgerCrashTests.check(folder.path, from: isThorough ? 0 : checked, audit: isThorough)
        }
        let acknowledged = try String(contentsOfFile: folder.path + "/acknowledged", encoding: .utf8)
        let commands = acknowledged.split(separator: "\n").count
        print("\(LedgerCrashTests.rounds) kills, \(commands) acknowledged commands, \(checked) records")
        #expect(!acknowledged.isEmpty)
    }

    /// Holds the ledger against what was acknowledged.
    ///
    /// - Returns: how many records there are.
    private static func check(_ path: String, from first: Int64, audit: Bool) throws -> Int64 {
        let folder = LedgerFolder(path: path)
        guard FileManager.default.fileExists(atPath: folder.recordsPath) else { return 0 }
        // Opening for appending recovers what the child has left, as the next server would.
        let ledger = try folder.open { WallTime(milliseconds: 1) }
        defer { ledger.close() }
        let store = ledger.store
        let entries = try store.entries(LedgerQuery(range: first..<Int64.max, limit: 10_000_000))
        var payloads: [Int64: String] = [:]
        for entry in entries {
            payloads[entry.sequence] = String(decoding: try #require(try entry.record()).payload, as: UTF8.self)
        }
        #expect(Set(payloads.values).count == payloads.count)
        let lines = try String(contentsOfFile: path + "/acknowledged", encoding: .utf8).split(separator: "\n")
        for line in lines {
            let words = line.split(separator: " ")
            let range = try #require(Int64(words[1]))..<(try #require(Int64(words[2])))
            for (part, sequence) in range.enumerated() where sequence >= first {
                #expect(payloads[sequence] == "\(words[0])/\(part)")
            }
        }
        if audit {
            let report = try LedgerAudit.run(store)
            #expect(report.isSound, "\(report.findings)")
            try #require(report.checkpoint.size == Int64(entries.count))
        }
        return ledger.extent.size
    }
}

/// Goes from unset to set, once.
private final class Flag: Sendable {
    private let value: Atomic<Bool>

    init(_ isSet: Bool) { value = Atomic(isSet) }

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}
