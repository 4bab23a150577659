import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("Connections")
struct ConnectionHandlerTests {
    private func get(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    private func post(_ target: String, _ body: String, _ fields: String = "") -> String {
        "POST \(target) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func `a request is answered and the connection stays`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(post("/a", "hello"))
        try connection.send(get("/b"))
        let answers = try connection.answers()
        #expect(answers.statuses == [200, 200])
        #expect(answers.bodies == ["/a|hello", "/b|"])
        #expect(answers.closes == [false, false])
        #expect(!connection.outputHasEnded)
    }

    @Test func `pipelined requests are answered in order and in one write`() throws {
        let connection = try EmbeddedConnection()
        try connection.send((0..<100).map { get("/\($0)") }.joined())
        let writes = try connection.received()
        #expect(writes.count == 1)
        #expect(Answers(writes.joined()).bodies == (0..<100).map { "/\($0)|" })
    }

    @Test func `nothing is flushed before everything is read`() throws {
        let connection = try EmbeddedConnection()
        connection.channel.pipeline.fireChannelRead(ByteBuffer(string: get("/a")))
        #expect(try connection.received().isEmpty)
        connection.channel.pipeline.fireChannelRead(ByteBuffer(string: get("/b")))
        connection.channel.pipeline.fireChannelReadComplete()
        #expect(try connection.answers().bodies == ["/a|", "/b|"])
    }

    @Test func `a request that comes byte by byte is answered once`() throws {
        let connection = try EmbeddedConnection()
        for byte in post("/slow", "body").utf8 { try connection.channel.writeInbound(ByteBuffer(bytes: [byte])) }
        #expect(try connection.answers().bodies == ["/slow|body"])
        #expect(connection.loop.heldBytes == 0)
    }

    @Test func `the client hears when to send its body`() throws {
        let connection = try EmbeddedConnection()
        try connection.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(try connection.received() == ["HTTP/1.1 100 Continue\r\n\r\n"])
        try connection.send("ab")
        #expect(try connection.answers().bodies == ["/|ab"])
    }

    @Test func `a client with too large a body hears that instead`() throws {
        let connection = try EmbeddedConnection()
        try connection.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n")
        let answers = try connection.answers()
        #expect(answers.statuses == [413])
        #expect(answers.closes == [true])
        #expect(connection.diary.violations == [.bodyTooLarge(max: 1_048_576)])
    }

    @Test func `HEAD is answered without a body`() throws {
        let connection = try EmbeddedConnection()
        try connection.send("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n")
        let text = try connection.received().joined()
        #expect(text.hasSuffix("Content-Length: 5\r\n\r\n"))
    }

    @Test func `what is wrong is answered with a problem, after the answers before it`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/good") + "BAD\r\n\r\n" + get("/never"))
        let answers = try connection.answers()
        #expect(answers.statuses == [200, 400])
        #expect(answers.closes == [false, true])
        #expect(answers.bodies[1].contains("The request line must be a method, a target and a version"))
        #expect(connection.diary.targets == ["/good"])
        #expect(connection.outputHasEnded)
        #expect(!connection.isClosed)
    }

    @Test func `after the last answer bytes are dropped until the client closes`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/a", "Connection: close\r\n") + get("/never"))
        try connection.send(get("/never"))
        #expect(try connection.answers().bodies == ["/a|"])
        #expect(connection.outputHasEnded)
        #expect(!connection.isClosed)
        connection.endInput()
        #expect(connection.isClosed)
        #expect(connection.diary.targets == ["/a"])
    }

    @Test func `a client that goes on sending after the last answer is cut`() throws {
        var limits = ListenerLimits()
        limits.message.bodyBytesMax = 1_000
        let connection = try EmbeddedConnection(limits: limits)
        try connection.send("BAD\r\n\r\n")
        let noise = String(repeating: "x", count: 10_000)
        for _ in 0..<2 { try connection.send(noise) }
        #expect(!connection.isClosed)
        try connection.send(noise)
        #expect(connection.isClosed)
    }

    @Test func `HTTP/1.0 is answered and closed`() throws {
        let connection = try EmbeddedConnection()
        try connection.send("GET /old HTTP/1.0\r\n\r\n")
        #expect(try connection.answers().closes == [true])
        #expect(connection.outputHasEnded)
    }

    @Test func `a connection ends with its last permitted request`() throws {
        var limits = ListenerLimits()
        limits.requestsPerConnectionMax = 2
        let connection = try EmbeddedConnection(limits: limits)
        try connection.send(get("/1") + get("/2") + get("/3"))
        let answers = try connection.answers()
        #expect(answers.bodies == ["/1|", "/2|"])
        #expect(answers.closes == [false, true])
    }

    @Test func `a responder may close the connection`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/close") + get("/never"))
        #expect(try connection.answers().closes == [true])
        #expect(connection.outputHasEnded)
    }

    @Test(arguments: ["/silent", "/unfinished"])
    func `an answer that is not written becomes a 500`(target: String) throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/a") + get(target) + get("/b"))
        let text = try connection.received().joined()
        #expect(Answers(text).statuses == [200, 500, 200])
        #expect(!text.contains("X-Lost"))
    }

    @Test func `a client that ends its input gets all its answers`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(get("/a") + get("/b"))
        connection.endInput()
        #expect(try connection.answers().bodies == ["/a|", "/b|"])
        #expect(connection.isClosed)
    }

    @Test(arguments: ["GET / HTT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", "\r\n"])
    func `a client that ends its input in the middle hears about it`(text: String) throws {
        let connection = try EmbeddedConnection()
        try connection.send(text)
        connection.endInput()
        #expect(try connection.answers().statuses == [400])
        #expect(connection.diary.violations == [.truncated])
        #expect(connection.isClosed)
    }

    @Test func `reading stops while the client does not take its answers`() throws {
        let connection = try EmbeddedConnection()
        connection.setWritable(false)
        let before = connection.readCount
        connection.channel.read()
        try connection.send(get("/a") + get("/b"))
        #expect(connection.readCount == before)
        #expect(connection.diary.targets.isEmpty)
        connection.setWritable(true)
        #expect(connection.readCount == before + 1)
        #expect(try connection.answers().bodies == ["/a|", "/b|"])
    }

    @Test func `large answers are sent before the next are written`() throws {
        let connection = try EmbeddedConnection()
        try connection.send((0..<5).map { _ in get("/large") }.joined())
        let writes = try connection.received()
        #expect(writes.count == 5)
        #expect(Answers(writes.joined()).bodies.map(\.utf8.count) == [Int](repeating: 100_000, count: 5))
    }

    @Test func `a socket that takes answers while they are written changes nothing`() throws {
        let connection = try EmbeddedConnection()
        connection.setWritable(false)
        try connection.send((0..<5).map { _ in get("/large") }.joined() + get("/last"))
        connection.endInput()
        connection.whenFlushed { connection.setWritable(true) }
        connection.setWritable(true)
        let answers = try connection.answers()
        #expect(answers.statuses == [Int](repeating: 200, count: 6))
        #expect(answers.bodies.last == "/last|")
        #expect(connection.diary.violations.isEmpty)
        #expect(connection.isClosed)
    }

    @Test func `what a broken connection did not take goes nowhere else`() throws {
        let broken = try EmbeddedConnection()
        let sound = try EmbeddedConnection(on: broken)
        broken.whenFlushed { broken.channel.close(promise: nil) }
        broken.sendTogether([get("/large") + get("/large"), get("/lost")])
        #expect(broken.isClosed)
        try sound.send(get("/mine"))
        #expect(try sound.answers().bodies == ["/mine|"])
    }

    @Test func `a client that sends without reading is cut when it has sent more than a request`() throws {
        var limits = ListenerLimits()
        limits.message.bodyBytesMax = 1_000
        let connection = try EmbeddedConnection(limits: limits)
        connection.setWritable(false)
        let flood = (0..<200).map { _ in get("/a") }.joined()
        while !connection.isClosed, connection.loop.heldBytes < 100_000 { try connection.send(flood) }
        #expect(connection.isClosed)
        #expect(connection.loop.heldBytes == 0)
        #expect(connection.diary.targets.isEmpty)
    }

    @Test func `incomplete requests of one loop share a bounded memory`() throws {
        var limits = ListenerLimits()
        limits.heldBytesMax = 45_000
        let first = try EmbeddedConnection(limits: limits)
        let second = try EmbeddedConnection(on: first)
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12000\r\n\r\n"
        try first.send(head + String(repeating: "x", count: 6_000))
        try second.send(head + String(repeating: "x", count: 9_000))
        #expect(try second.answers().statuses == [503])
        #expect(first.diary.violations == [.outOfMemory])
        try first.send(String(repeating: "x", count: 6_000))
        #expect(try first.answers().statuses == [200])
        #expect(first.loop.heldBytes == 0)
    }

    @Test func `an incomplete request counts with the buffers that its connection keeps`() throws {
        let connection = try EmbeddedConnection()
        var bytes = ByteBufferAllocator().buffer(capacity: 16_384)
        bytes.writeString("GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "a: b\r\n", count: 60))
        try connection.channel.writeInbound(bytes)
        // What the channel will fill again, a copy of what has come, and a table of sixty fields.
        #expect(connection.loop.heldBytes >= 16_384 + bytes.readableBytes + 60 * MemoryLayout<HTTPField>.stride)
        try connection.send("\r\n")
        #expect(try connection.answers().statuses == [200])
        #expect(connection.loop.heldBytes == 0)
    }

    @Test func `connections of one loop never see each other's answers`() throws {
        let first = try EmbeddedConnection()
        let second = try EmbeddedConnection(on: first)
        first.channel.pipeline.fireChannelRead(ByteBuffer(string: get("/first")))
        try second.send(get("/second"))
        first.channel.pipeline.fireChannelReadComplete()
        #expect(try first.answers().bodies == ["/first|"])
        #expect(try second.answers().bodies == ["/second|"])
    }

    @Test func `random cutting of many requests changes no answer`() throws {
        for seed in 0..<UInt64(50) {
            var generator = SeededGenerator(seed: seed)
            let connection = try EmbeddedConnection()
            let requests = (0..<20).map { Bool.random(using: &generator) ? get("/\($0)") : post("/\($0)", "body") }
            for piece in generator.pieces(of: Array(requests.joined().utf8), max: 200) {
                try connection.channel.writeInbound(ByteBuffer(bytes: piece))
            }
            #expect(connection.diary.targets == (0..<20).map { "/\($0)" }, "seed \(seed)")
            #expect(try connection.answers().statuses == [Int](repeating: 200, count: 20), "seed \(seed)")
            #expect(connection.loop.heldBytes == 0, "seed \(seed)")
        }
    }
}
