import PostgresTestSupport
import Testing

@testable import Ledger
@testable import PostgresLedger

/// Several writers on one ledger, each as a process of its own would have it: with connections of its own.
@Suite struct SeveralWritersTests {
    /// How many commands each writer appends.
    private static let commandCount = 1_000
    /// How many tasks of each writer wait for answers at once.
    private static let taskCount = 4

    /// Appends commands one after the other from several tasks; each has a stream of its own, and all share one.
    private static func appendAll(_ name: String, to ledger: LedgerWriter) async throws {
        try await withThrowingTaskGroup { group in
            for task in 0..<taskCount {
                group.addTask {
                    for number in 0..<commandCount / taskCount {
                        let id = "\(name)/\(task)/\(number)"
                        let own = LedgerEvent(stream: "\(name)/\(task)", type: "own", payload: Array(id.utf8))
                        let shared = LedgerEvent(stream: "shared", type: "shared", payload: Array(id.utf8))
                        let answer = try await ledger.append(
                            LedgerCommand(
                                id: id, actor: name, events: [own, shared],
                                expectedVersions: ["\(name)/\(task)": Int64(number)]))
                        guard case .appended = answer else {
                            Issue.record("\(id): \(answer)")
                            return
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: Backend.allCases)
    func `two writers at once both get everything through, once`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let (first, second) = (try rig.open(), try rig.open())
        async let one: Void = SeveralWritersTests.appendAll("one", to: first)
        async let other: Void = SeveralWritersTests.appendAll("other", to: second)
        _ = try await (one, other)
        let entries = try first.store.all()
        let payloads = try entries.map { String(decoding: try #require(try $0.record()).payload, as: UTF8.self) }
        let each = SeveralWritersTests.commandCount / SeveralWritersTests.taskCount
        let expected = ["one", "other"].flatMap { name in
            (0..<SeveralWritersTests.taskCount).flatMap { task in (0..<each).map { "\(name)/\(task)/\($0)" } }
        }
        #expect(payloads.sorted() == (expected + expected).sorted())
        let report = try LedgerAudit.run(second.store, trusted: rig.signer.verifier)
        #expect(report.isSound, "\(report.findings)")
        #expect(report.checkpoint.size == Int64(4 * SeveralWritersTests.commandCount))
        first.close()
        second.close()
    }

    @Test(arguments: Backend.allCases)
    func `of two commands that expect the same version one is refused, whichever writer has it`(
        backend: Backend
    ) async throws {
        let rig = try LedgerRig(backend)
        let (first, second) = (try rig.open(), try rig.open())
        for version in 0..<100 as Range<Int64> {
            async let one = first.append(Sample.command(1, expecting: version))
            async let other = second.append(Sample.command(2, expecting: version))
            let answers = try await [one, other]
            #expect(answers.filter { $0.receipt != nil }.count == 1)
            #expect(
                answers.contains(
                    .refused(.versionConflict(stream: "tenant/acme", expected: version, actual: version + 1))))
        }
        #expect(try first.store.all().count == 100)
        first.close()
        second.close()
    }

    @Test(arguments: Backend.allCases)
    func `what one process appends, those who follow another's ledger see`(backend: Backend) async throws {
        let rig = try LedgerRig(backend)
        let (writing, other) = (try rig.open(), try rig.open())
        let store = try rig.readingStore()
        let watch = try LedgerWatch(store)
        var (atWriter, atReader) = (other.records(from: 0), watch.records(from: 0))
        for number in 0..<3 {
            _ = try await writing.append(Sample.command(number))
            #expect(try await atWriter.next()?.sequence == Int64(number))
            #expect(try await atReader.next()?.sequence == Int64(number))
        }
        watch.close()
        #expect(try await atReader.next() == nil)
        store.close()
        writing.close()
        other.close()
    }
}
