import NIOCore
import NIOPosix
import Testing
import Vocabulary

@testable import Gateway

@Suite("Listeners on real sockets", .timeLimit(.minutes(10)))
struct ListenerTests {
    private let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Limits of number and size as always, and of time so long that a busy machine does not reach them.
    ///
    /// What happens when a time is over is tested without sockets, in `ConnectionDeadlineTests`.
    private static var patientLimits: ListenerLimits {
        var limits = ListenerLimits()
        limits.headTimeMax = .seconds(3_600)
        limits.bodyTimeMax = .seconds(3_600)
        limits.idleTimeMax = .seconds(3_600)
        limits.writeTimeMax = .seconds(3_600)
        return limits
    }

    /// Runs a listener for the length of a test.
    private func withListener(
        limits: ListenerLimits = patientLimits, threads: Int = 2, at address: String = "127.0.0.1:0",
        _ body: (Listener<ScriptedResponder>, ScriptedResponder.Diary, any EventLoopGroup) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let diary = ScriptedResponder.Diary()
        let listener = try await Listener.start(at: ListenAddress(address), on: group, limits: limits) { eventLoop in
            ScriptedResponder(diary: diary, eventLoop: eventLoop)
        }
        do { try await body(listener, diary, group) } catch {
            await listener.shutDown(within: .zero)
            try await group.shutdownGracefully()
            throw error
        }
        await listener.shutDown(within: .zero)
        // A closed connection is discounted a moment after its socket is gone.
        while listener.connectionCount > 0 { await Task.yield() }
        try await group.shutdownGracefully()
    }

    @Test func `a connection is used again and again`() async throws {
        try await withListener { listener, _, group in
            let client = try await TestClient.connect(to: listener.port, on: group)
            for _ in 0..<20 {
                try await client.send(request)
                let answers = await client.answers(1)
                #expect(answers.bodies == ["/a|"])
            }
            #expect(listener.connectionCount == 1)
            try await client.close()
        }
    }

    @Test func `a client that floods by HTTP/2 reads why the connection ends`() async throws {
        try await withListener { listener, diary, group in
            let client = try await TestClient.connect(to: listener.port, on: group)
            let pings = [UInt8]((0..<20_000).flatMap { _ in RawFrame.ping().bytes })
            let flood = HTTP2Client.preface + RawFrame.settings().bytes + pings
            try? await client.send(String(decoding: flood, as: UTF8.self))
            let frames = RawFrame.all(in: await client.bytes(.max))
            #expect(frames.last?.kind == .goAway)
            #expect(frames.last?.payload.suffix(4) == [0, 0, 0, 0xB])
            #expect(diary.violations == [.http2])
            try? await client.close()
        }
    }

    @Test func `many connections on many loops are answered`() async throws {
        try await withListener(threads: 3) { listener, diary, group in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<50 {
                    tasks.addTask {
                        let client = try await TestClient.connect(to: listener.port, on: group)
                        try await client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        #expect(await client.answersToTheEnd().bodies == ["/\(number)|"])
                    }
                }
                try await tasks.waitForAll()
            }
            #expect(Set(diary.targets).count == 50)
        }
    }

    @Test func `a body of the largest size arrives whole, and a larger one is refused readably`() async throws {
        try await withListener { listener, _, group in
            let client = try await TestClient.connect(to: listener.port, on: group)
            let body = String(repeating: "x", count: 1_048_576)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n\(body)")
            let answers = await client.answers(1)
            #expect(answers.bodies.map(\.utf8.count) == [1_048_576 + 2])
            // The client does not wait before it sends all of it: the answer must not drown in a reset.
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n\(body)")
            let refusal = await client.answersToTheEnd()
            #expect(refusal.statuses == [413])
            #expect(refusal.closes == [true])
        }
    }

    @Test func `a body that ends too early is answered, then the connection ends`() async throws {
        try await withListener { listener, diary, group in
            let client = try await TestClient.connect(to: listener.port, on: group)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            try await client.endOutput()
            #expect(await client.answersToTheEnd().statuses == [400])
            #expect(diary.violations == [.truncated])
        }
    }

    @Test func `a client that ends its input after its requests gets all answers`() async throws {
        try await withListener { listener, _, group in
            let client = try await TestClient.connect(to: listener.port, on: group)
            try await client.send(String(repeating: request, count: 100) + "GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.endOutput()
            let answers = await client.answersToTheEnd()
            #expect(answers.statuses == [Int](repeating: 200, count: 101))
            #expect(answers.bodies.last?.utf8.count == 100_000)
        }
    }

    @Test func `more answers than any buffer holds arrive in order when the client reads late`() async throws {
        try await withListener { listener, diary, group in
            let client = try await TestClient.connect(to: listener.port, on: group)
            try await client.send(String(repeating: "GET /large HTTP/1.1\r\nHost: a\r\n\r\n", count: 200) + request)
            let answers = await client.answers(201)
            #expect(answers.statuses.count == 201)
            #expect(answers.bodies.last == "/a|")
            #expect(diary.targets.count == 201)
            try await client.close()
        }
    }

    @Test func `one connection too many is closed at once, and the place of a closed one is free`() async throws {
        var limits = ListenerTests.patientLimits
        limits.connectionsMax = 2
        try await withListener(limits: limits) { listener, _, group in
            let clients = [
                try await TestClient.connect(to: listener.port, on: group),
                try await TestClient.connect(to: listener.port, on: group),
            ]
            for client in clients {
                try await client.send(request)
                #expect(await client.answers(1).statuses == [200])
            }
            let third = try await TestClient.connect(to: listener.port, on: group)
            #expect(await third.answersToTheEnd().statuses.isEmpty)
            #expect(listener.refusedConnectionCount == 1)
            try await clients[0].send("GET /close HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await clients[0].answersToTheEnd().statuses == [200])
            try await clients[0].close()
            while listener.connectionCount > 1 { await Task.yield() }
            let fourth = try await TestClient.connect(to: listener.port, on: group)
            try await fourth.send(request)
            #expect(await fourth.answers(1).statuses == [200])
        }
    }

    @Test func `one peer may have a part of the connections only`() async throws {
        var limits = ListenerTests.patientLimits
        limits.connectionsPerPeerMax = 1
        try await withListener(limits: limits) { listener, _, group in
            let first = try await TestClient.connect(to: listener.port, on: group)
            try await first.send(request)
            #expect(await first.answers(1).statuses == [200])
            let second = try await TestClient.connect(to: listener.port, on: group)
            #expect(await second.answersToTheEnd().statuses.isEmpty)
            #expect(listener.refusedConnectionCount == 1)
        }
    }

    @Test func `a graceful end waits for the request in work and closes what is idle`() async throws {
        try await withListener { listener, diary, group in
            let idle = try await TestClient.connect(to: listener.port, on: group)
            try await idle.send(request)
            #expect(await idle.answers(1).statuses == [200])
            let busy = try await TestClient.connect(to: listener.port, on: group)
            try await busy.send("GET /deferred HTTP/1.1\r\nHost: a\r\n\r\n")
            let sending = try await TestClient.connect(to: listener.port, on: group)
            // The 100 says that the server has begun with the request: a request still in the socket counts as idle.
            let head = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
            try await sending.send(head)
            #expect(await sending.answers(1).statuses == [100])
            while diary.targets.count < 2 { await Task.yield() }

            async let end: Void = listener.shutDown(within: .seconds(3_600))
            #expect(await idle.answersToTheEnd().statuses.isEmpty)
            try await idle.close()
            try await sending.send("123")
            let late = await sending.answersToTheEnd()
            #expect(late.bodies == ["/b|123"])
            #expect(late.closes == [true])
            try await sending.close()
            diary.takeDeferral()?.answer { writer in
                writer.start(.ok)
                writer.finish(contentType: "text/plain", body: "later")
            }
            let last = await busy.answersToTheEnd()
            #expect(last.bodies == ["later"])
            #expect(last.closes == [true])
            try await busy.close()
            await end
            await #expect(throws: (any Error).self) { try await TestClient.connect(to: listener.port, on: group) }
        }
    }

    /// If the listener waited for them to be closed, or lingered, this would not end within the test's time.
    @Test func `connections that are idle hold no stop up, whatever they speak and whoever is at their other end`()
        async throws
    {
        var limits = ListenerTests.patientLimits
        limits.lingerTimeMax = .seconds(3_600)
        try await withListener(limits: limits) { listener, _, group in
            let silent = try await TestClient.connect(to: listener.port, on: group)
            let asked = try await TestClient.connect(to: listener.port, on: group)
            try await asked.send(request)
            #expect(await asked.answers(1).statuses == [200])
            let framed = try await TestClient.connect(to: listener.port, on: group)
            try await framed.send(String(decoding: HTTP2Client.preface + RawFrame.settings().bytes, as: UTF8.self))
            let greeting = await framed.bytes(9 + 18)
            while listener.connectionCount < 3 { await Task.yield() }
            await listener.shutDown(within: .seconds(3_600))
            #expect(await silent.answersToTheEnd().statuses.isEmpty)
            #expect(await asked.answersToTheEnd().statuses.isEmpty)
            let frames = RawFrame.all(in: greeting + (await framed.bytes(.max)))
            #expect(frames.count { $0.kind == .goAway } == 2)
            for client in [silent, asked, framed] { try? await client.close() }
        }
    }

    @Test func `what does not finish in time is cut`() async throws {
        try await withListener { listener, diary, group in
            let busy = try await TestClient.connect(to: listener.port, on: group)
            try await busy.send("GET /deferred HTTP/1.1\r\nHost: a\r\n\r\n")
            while diary.targets.isEmpty { await Task.yield() }
            await listener.shutDown(within: .milliseconds(1))
            #expect(await busy.answersToTheEnd().statuses.isEmpty)
        }
    }

    @Test func `a port that is taken is an error`() async throws {
        try await withListener { listener, diary, group in
            let address = try ListenAddress("127.0.0.1:\(listener.port)")
            await #expect(throws: (any Error).self) {
                _ = try await Listener.start(at: address, on: group) { eventLoop in
                    ScriptedResponder(diary: diary, eventLoop: eventLoop)
                }
            }
        }
    }

    @Test func `IPv6 is listened to`() async throws {
        do {
            try await withListener(at: "[::1]:0") { listener, _, _ in #expect(listener.port > 0) }
        } catch let error as IOError where error.errnoCode == EADDRNOTAVAIL || error.errnoCode == EAFNOSUPPORT {
            // A machine without IPv6 has nothing to test here.
        }
    }
}
