import Foundation
import Journal
import NIOCore
import NIOPosix
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// What outlives the process.
struct DurableAnswerTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private static let answer = StoredAnswer(status: 201, fields: Array("Location: /1\r\n".utf8), body: [1, 2])

    private static let folderCount = Atomic(0)

    private static func archive(at path: String) throws -> Archive {
        try Archive(path: path, settings: JournalSettings()) {
            var clock = Clock()
            return clock.now()
        } notify: { _ in
        }
    }

    /// Runs the body with a data folder of its own.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let number = DurableAnswerTests.folderCount.add(1, ordering: .relaxed).newValue
        let path = NSTemporaryDirectory() + "/headgate-answers-\(ProcessInfo.processInfo.processIdentifier)-\(number)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func begun(_ run: IdempotentRun) async {
        await withCheckedContinuation { done in
            loop.execute { run.whenBegun(on: loop) { done.resume() } }
        }
    }

    private func complete(_ run: IdempotentRun, _ answer: StoredAnswer = answer) async {
        await withCheckedContinuation { done in
            loop.execute { run.complete(answer, body: 7, on: loop) { done.resume() } }
        }
    }

    @Test func `an answer is given again by the next process, and what was interrupted is not run again`() async throws
    {
        try await withFolder { path in
            var archive = try Self.archive(at: path)
            var rig = try KeyRig(archive: archive.answers)
            let run = try #require(rig.send("k", "POST /payments").run)
            #expect(run.isKept)
            await begun(run)
            await complete(run)
            let interrupted = rig.send("other", "POST /payments")
            let interruptedID = interrupted.id
            await begun(try #require(interrupted.run))
            let lost = try #require(rig.send("optional").run)
            #expect(!lost.isKept)
            await begun(lost)
            await complete(lost)
            // What a process that is killed leaves: nobody has ended the second run.
            archive.close()

            archive = try Self.archive(at: path)
            rig = try KeyRig(archive: archive.answers)
            let repeated = rig.send("k", "POST /payments")
            #expect(repeated.outcome == .replay && repeated.answer == Self.answer)
            guard case .answer(_, bodyOfFirst: 7) = repeated.repetition?.course else {
                Issue.record("the body's hash is gone")
                return
            }
            let again = rig.send("other", "POST /payments")
            #expect(again.reason == .keyInterrupted && again.status == .conflict)
            #expect(again.repetition?.first == interruptedID)
            #expect(rig.send("k", "POST /notes").reason == .keyMismatch)
            #expect(rig.send("k", "POST /payments", of: "globex").reason == .borrowed)
            #expect(rig.send("optional").reason == .borrowed)
            withExtendedLifetime(interrupted) {}
            archive.close()

            archive = try Self.archive(at: path)
            rig = try KeyRig("{ interrupted: run }", archive: archive.answers)
            let rerun = rig.send("other", "POST /payments")
            #expect(rerun.isAdmitted && rerun.reason == .idempotentReplay)
            await complete(try #require(rerun.run))
            archive.close()
            archive = try Self.archive(at: path)
            rig = try KeyRig(archive: archive.answers)
            #expect(rig.send("other", "POST /payments").answer == Self.answer)
            archive.close()
        }
    }

    @Test func `what failed or was refused is not interrupted`() async throws {
        try await withFolder { path in
            var archive = try Self.archive(at: path)
            var rig = try KeyRig(archive: archive.answers)
            let failed = try #require(rig.send("a", "POST /payments").run)
            await begun(failed)
            await complete(failed, StoredAnswer(status: 502, fields: [], body: []))
            for key in ["b", "c"] { #expect(rig.send(key, "POST /plain").isAdmitted) }
            #expect(rig.send("d", "POST /payments").reason == .tenantCeiling)
            archive.close()
            archive = try Self.archive(at: path)
            rig = try KeyRig(archive: archive.answers)
            #expect(rig.plane.idempotency.statistics.keys == 0)
            for key in ["a", "d"] { #expect(rig.send(key, "POST /payments").reason == .borrowed) }
            archive.close()
        }
    }

    @Test func `until the answer is on disk, a repeat finds the first one running`() async throws {
        try await withFolder { path in
            let archive = try Self.archive(at: path)
            let rig = try KeyRig(archive: archive.answers)
            let run = try #require(rig.send("k", "POST /payments").run)
            await begun(run)
            archive.close()  // nobody writes any more
            loop.execute { run.complete(Self.answer, body: nil, on: loop) {} }
            #expect(rig.send("k", "POST /payments").reason == .keyInUse)
        }
    }
}
