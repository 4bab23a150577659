import NIOCore
import NIOEmbedded
import Policy
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// Where requests go through Headgate, a repeat gets the answer of the first one.
struct AnsweredOnceTests {
    private let loop = EmbeddedEventLoop()
    private static let answer = StoredAnswer(status: 201, fields: Array("Location: /1\r\n".utf8), body: [1, 2])

    /// How the waits of a test ended.
    private final class Ends: Sendable {
        private let list = Mutex<[IdempotentWait.End]>([])
        var all: [IdempotentWait.End] { list.withLock { $0 } }
        func add(_ end: IdempotentWait.End) { list.withLock { $0.append(end) } }
    }

    @Test func `a repeat gets the answer, and pays nothing`() throws {
        let rig = try KeyRig()
        let first = rig.send("k")
        #expect(first.isAdmitted && first.remaining == 2)
        try #require(first.run).complete(Self.answer, body: 5, on: loop) {}
        let repeated = rig.send("k")
        #expect(repeated.outcome == .replay && repeated.reason == .idempotentReplay && repeated.status == .ok)
        #expect(repeated.answer == Self.answer && repeated.remaining == 2)
        #expect(repeated.repetition?.first == first.id)
        let replays = rig.plane.metrics.total.decisions.filter { $0.key.outcome == .replay }
        #expect(replays.map(\.key.reason) == [.idempotentReplay] && replays.map(\.value) == [1])
    }

    @Test func `nobody else gets the answer`() throws {
        let rig = try KeyRig()
        try #require(rig.send("k").run).complete(Self.answer, body: nil, on: loop) {}
        for (principal, tenant) in [("app", "acme"), (nil, "acme"), ("web", "globex"), (nil, "globex")] {
            let other = rig.send("k", by: principal, of: tenant)
            #expect(other.answer == nil)
            other.run?.abandon()
        }
        #expect(rig.send("k", "POST /payments").reason == .keyMismatch)
        #expect(rig.ask("k").reason != .idempotentReplay)
    }

    @Test func `while the first one runs a repeat is refused, and told when to come again`() throws {
        let rig = try KeyRig()
        let first = rig.send("k")
        let repeated = rig.send("k")
        #expect(repeated.reason == .keyInUse && repeated.status == .conflict)
        #expect(repeated.retryAfter == .second)
        #expect(repeated.repetition?.first == first.id)
        let other = rig.send("k", "POST /payments")
        #expect(other.reason == .keyMismatch && other.status == .unprocessableContent)
    }

    @Test func `a required key must be there, and any key must be one`() throws {
        let rig = try KeyRig()
        #expect(rig.send(nil).isAdmitted)
        let missing = rig.send(nil, "POST /payments")
        #expect(missing.reason == .keyMissing && missing.status == .badRequest)
        let malformed = rig.send("\"k", "POST /notes")
        #expect(malformed.reason == .keyMalformed && malformed.status == .badRequest)
        #expect(malformed.repetition?.detail?.contains("backslashes") == true)
        #expect(rig.send("\"k", "POST /plain").isAdmitted)
        #expect(rig.send(nil, "POST /plain").isAdmitted)
    }

    @Test(arguments: [("POST /payments", nil), ("POST /payments", "k"), ("POST /notes", "\"k")] as [(String, String?)])
    func `what is not enforced is not refused for its key, nor answered by it`(target: String, key: String?) throws {
        let rig = try KeyRig(stage: "shadow")
        for _ in 0..<2 {
            let decision = rig.send(key, target)
            #expect(decision.isAdmitted && decision.run == nil)
            #expect((decision.wouldBe != nil) == (key != "k"))
        }
    }

    @Test func `one that failed after it was charged runs again for nothing`() throws {
        let rig = try KeyRig()
        try #require(rig.send("k").run).complete(
            StoredAnswer(status: 503, fields: [], body: []), body: nil, on: loop
        ) {}
        let again = rig.send("k")
        #expect(again.isAdmitted && again.reason == .idempotentReplay && again.remaining == 2)
        try #require(again.run).complete(Self.answer, body: nil, on: loop) {}
        #expect(rig.send("k").answer == Self.answer)
    }

    @Test func `one that the budgets refused is forgotten`() throws {
        let rig = try KeyRig()
        for _ in 0..<3 { #expect(rig.send(nil).isAdmitted) }
        for _ in 0..<2 { #expect(rig.send("k").reason == .tenantCeiling) }
        #expect(rig.plane.idempotency.statistics.keys == 0)
    }

    @Test func `a run that is let go of blocks nothing`() throws {
        let rig = try KeyRig()
        func forgetful() { _ = rig.send("k").run }
        forgetful()
        #expect(rig.send("k").isAdmitted)
    }

    @Test func `an answer that is not kept is not made again`() throws {
        let rig = try KeyRig("{ body: 1B }")
        try #require(rig.send("k").run).complete(Self.answer, body: nil, on: loop) {}
        let repeated = rig.send("k")
        #expect(repeated.reason == .answerNotKept && repeated.status == .conflict)
        #expect(repeated.repetition?.detail?.contains("201") == true)
    }

    @Test(arguments: [
        (200, true), (302, true), (404, true), (422, true), (401, false), (409, false), (429, false), (500, false),
        (503, false), (101, false),
    ])
    func `answers that would be the same again are kept`(status: Int, isKept: Bool) throws {
        let rig = try KeyRig()
        try #require(rig.send("k").run).complete(
            StoredAnswer(status: status, fields: [], body: []), body: nil, on: loop
        ) {}
        #expect((rig.send("k").answer != nil) == isKept)
    }

    @Test func `a repeat too many pays, and gets the answer all the same`() throws {
        let rig = try KeyRig("{ repeats: 1 }")
        try #require(rig.send("k").run).complete(Self.answer, body: nil, on: loop) {}
        #expect(rig.send("k").answer == Self.answer)
        for _ in 0..<2 {
            let paid = rig.send("k")
            #expect(paid.outcome == .replay && paid.answer == Self.answer && paid.reason == .borrowed)
        }
        #expect(rig.send("k").reason == .tenantCeiling)
    }

    @Test func `who joins gets the answer`() throws {
        let rig = try KeyRig("{ concurrent: join }")
        let first = rig.send("k")
        let joined = rig.send("k")
        #expect(joined.outcome == .replay && joined.remaining == 2)
        let ends = Ends()
        try #require(joined.wait).whenEnded(on: loop) { ends.add($0) }
        let gone = try #require(rig.send("k").wait)
        gone.whenEnded(on: loop) { ends.add($0) }
        gone.cancel()
        try #require(first.run).complete(Self.answer, body: 9, on: loop) {}
        loop.run()
        #expect(ends.all.count == 1)
        guard case .answer(Self.answer, bodyOfFirst: 9) = ends.all.first else {
            Issue.record("\(ends.all)")
            return
        }
    }

    @Test func `who joins one that fails runs in its place, and one that waits behind gets that answer`() throws {
        let rig = try KeyRig("{ concurrent: join }")
        let first = rig.send("k")
        let ends = Ends()
        let waits = try (0..<2).map { _ in try #require(rig.send("k").wait) }
        for wait in waits { wait.whenEnded(on: loop) { ends.add($0) } }
        try #require(first.run).abandon()
        loop.run()
        guard case .run(let run) = ends.all.first, ends.all.count == 1 else {
            Issue.record("\(ends.all)")
            return
        }
        run.complete(Self.answer, body: nil, on: loop) {}
        loop.run()
        guard case .answer = ends.all.last, ends.all.count == 2 else {
            Issue.record("\(ends.all)")
            return
        }
    }

    @Test func `another policy changes what is remembered from then on`() throws {
        let rig = try KeyRig()
        try #require(rig.send("k").run).complete(Self.answer, body: nil, on: loop) {}
        var clock = Clock()
        rig.plane.apply(try KeyRig.binding("{ repeats: 0, stored: successful }"), at: clock.now())
        #expect(rig.send("k").reason == .borrowed)
        try #require(rig.send("other").run).complete(
            StoredAnswer(status: 404, fields: [], body: []), body: nil, on: loop
        ) {}
        #expect(!rig.plane.idempotency.stores(status: 404))
    }
}
