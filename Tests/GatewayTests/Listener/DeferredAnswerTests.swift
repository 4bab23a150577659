import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Gateway

@Suite("Answers that come later")
struct DeferredAnswerTests {
    private func get(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    /// A number that closures of any thread add to.
    private final class Counter: Sendable {
        private let number = Mutex(0)

        var value: Int { number.withLock { $0 } }

        func add(_ amount: Int) { number.withLock { $0 += amount } }
    }

    /// Writes an answer with a text.
    private func text(_ text: StaticString) -> HTTPDeferral.Body {
        { writer in
            writer.start(.ok)
            writer.finish(contentType: "text/plain", body: text)
        }
    }

    @Test func `answers keep the order of their requests`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/a") + get("/deferred") + get("/b"))
        #expect(try connection.answers().bodies == ["/a|"])
        #expect(connection.diary.targets == ["/a", "/deferred"])
        let deferral = try #require(connection.diary.takeDeferral())
        deferral.answer(text("later"))
        #expect(try connection.received().isEmpty)
        connection.run()
        #expect(try connection.answers().bodies == ["later", "/b|"])
    }

    @Test func `no request is read until the answer comes`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/deferred"))
        let before = connection.readCount
        connection.channel.read()
        #expect(connection.readCount == before)
        try connection.send(get("/b"))
        connection.diary.takeDeferral()?.answer(text("later"))
        connection.run()
        #expect(connection.readCount == before + 1)
        #expect(try connection.answers().bodies == ["later", "/b|"])
    }

    @Test func `an answer given before anybody waits is not lost, and a second one is dropped`() throws {
        let connection = try EmbeddedConnection()
        let deferral = HTTPDeferral(on: connection.channel.eventLoop)
        deferral.answer(text("first"))
        deferral.answer(text("second"))
        connection.run()
        var texts: [String] = []
        deferral.attach { write in
            var writer = HTTPResponseWriter()
            writer.begin(.init(omitsBody: false, minorVersion: 1, closes: false))
            write(&writer)
            texts.append(String(buffer: writer.takeOutput()))
        }
        connection.run()
        #expect(texts.count == 1)
        #expect(texts.first?.hasSuffix("first") == true)
    }

    @Test func `a client that goes cancels its answer`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/deferred"))
        let deferral = try #require(connection.diary.takeDeferral())
        let cancelled = Counter()
        deferral.whenCancelled { cancelled.add(1) }
        connection.run()
        #expect(cancelled.value == 0)
        connection.channel.close(promise: nil)
        connection.run()
        deferral.answer(text("nobody"))
        deferral.whenCancelled { cancelled.add(10) }
        connection.run()
        #expect(cancelled.value == 11)
    }

    @Test func `a client that only ends its input still gets the answer`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/deferred"))
        connection.endInput()
        #expect(!connection.isClosed)
        connection.diary.takeDeferral()?.answer(text("later"))
        connection.run()
        #expect(try connection.answers().bodies == ["later"])
        #expect(connection.isClosed)
    }

    @Test func `what the request said about its connection holds for the answer`() throws {
        let connection = try EmbeddedConnection()
        try connection.send("HEAD /deferred HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        connection.diary.takeDeferral()?.answer(text("later"))
        connection.run()
        let text = try connection.received().joined()
        #expect(text.contains("\r\nConnection: close\r\n"))
        #expect(text.hasSuffix("Content-Length: 5\r\n\r\n"))
        #expect(connection.outputHasEnded)
    }

    @Test func `an answer that is not written in the end becomes a 500`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/deferred"))
        connection.diary.takeDeferral()?.answer { _ in }
        connection.run()
        #expect(try connection.answers().statuses == [500])
    }

    @Test func `a connection that drains gives its answer first`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/deferred"))
        _ = connection.loop.drain(within: .seconds(30))
        #expect(!connection.outputHasEnded)
        connection.diary.takeDeferral()?.answer(text("later"))
        connection.run()
        #expect(try connection.answers().closes == [true])
        #expect(connection.outputHasEnded)
    }
}
