import NIOCore
import Testing

@testable import Gateway

@Suite("Answers of an upstream")
struct HTTPResponseParserTests {
    /// What came of bytes.
    struct Story: Equatable {
        var statuses: [Int] = []
        var phrases: [String] = []
        var fields: [[String]] = []
        var body: [UInt8] = []
        var trailers: String?
        var keepsAlive: Bool?
        var isOver = false
        var violation: UpstreamViolation?
        var rest = 0
    }

    /// Feeds pieces to a parser that waits for the answer to one request.
    private func read(
        _ pieces: [[UInt8]], to question: HTTPResponseParser.Question = .other, closes: Bool = false,
        limits: HTTPLimits = HTTPLimits()
    ) -> Story {
        var parser = HTTPResponseParser(limits: limits)
        parser.begin(question)
        var story = Story()
        var input = ByteBuffer()
        do throws(UpstreamViolation) {
            for piece in pieces {
                input.writeBytes(piece)
                try HTTPResponseParserTests.drain(&parser, &input, &story)
            }
            if closes, try parser.end() { story.isOver = true }
        } catch { story.violation = error }
        story.rest = story.violation == nil ? input.readableBytes : 0
        return story
    }

    private static func drain(
        _ parser: inout HTTPResponseParser, _ input: inout ByteBuffer, _ story: inout Story
    ) throws(UpstreamViolation) {
        while true {
            switch try parser.next(&input) {
            case .incomplete: return
            case .head(let head, let bytes):
                let span = bytes.readableBytesUInt8Span
                story.statuses.append(head.status)
                story.phrases.append(span.string(head.phrase.range))
                story.fields += head.fields.map { [span.string($0.name.range), span.string($0.value.range)] }
                story.keepsAlive = head.keepsAlive
            case .data(let data): story.body += data.readableBytesView
            case .end(let trailers):
                story.trailers = trailers.map { String(buffer: $0) }
                story.isOver = true
            }
        }
    }

    private func read(
        _ text: String, to question: HTTPResponseParser.Question = .other, closes: Bool = false
    ) -> Story { read([Array(text.utf8)], to: question, closes: closes) }

    @Test func `an answer with a length`() {
        let story = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhelloHTTP/1.1")
        #expect(story.statuses == [200])
        #expect(story.phrases == ["OK"])
        #expect(story.fields == [["Content-Length", "5"], ["X-A", "b"]])
        #expect(String(decoding: story.body, as: UTF8.self) == "hello")
        #expect(story.isOver)
        #expect(story.keepsAlive == true)
        #expect(story.rest == 8)
    }

    @Test func `an answer in chunks keeps its trailers`() {
        let story = read(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nDigest: x\r\nB: 2\r\n\r\n"
        )
        #expect(String(decoding: story.body, as: UTF8.self) == "abcde")
        #expect(story.trailers == "Digest: x\r\nB: 2\r\n")
        #expect(story.isOver)
    }

    @Test func `an answer without a length ends with the connection`() {
        let open = read("HTTP/1.1 200 OK\r\n\r\nabc")
        #expect(!open.isOver)
        #expect(open.keepsAlive == false)
        let closed = read("HTTP/1.1 200 OK\r\n\r\nabc", closes: true)
        #expect(closed.isOver)
        #expect(closed.body.count == 3)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "",
    ])
    func `an answer that breaks off is no answer`(text: String) {
        #expect(read(text, closes: true).violation == .truncated)
    }

    @Test func `answers that never have a body have none`() {
        for status in [204, 304] {
            let story = read("HTTP/1.1 \(status) X\r\nContent-Length: 5\r\n\r\nhello")
            #expect(story.isOver)
            #expect(story.body.isEmpty)
            #expect(story.rest == 5)
        }
        let head = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", to: .head)
        #expect(head.isOver)
        #expect(head.keepsAlive == true)
        #expect(read("HTTP/1.1 200 OK\r\n\r\n", to: .head).keepsAlive == true)
    }

    @Test func `interim answers come before the final one, and a switch of protocols is final`() {
        let story = read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 204\r\n\r\n")
        #expect(story.statuses == [100, 103, 204])
        #expect(story.phrases == ["Continue", "Early Hints", ""])
        #expect(story.isOver)
        let switched = read("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nraw")
        #expect(switched.isOver)
        #expect(switched.rest == 3)
    }

    @Test func `who stays says so, by version`() {
        let cases: [(String, Bool)] = [
            ("HTTP/1.1 204 X\r\n", true), ("HTTP/1.1 204 X\r\nConnection: close\r\n", false),
            ("HTTP/1.1 204 X\r\nConnection: foo, Close\r\n", false), ("HTTP/1.0 204 X\r\n", false),
            ("HTTP/1.0 204 X\r\nConnection: keep-alive\r\n", true),
            ("HTTP/1.0 204 X\r\nConnection: keep-alive\r\nConnection: close\r\n", false),
        ]
        for (text, stays) in cases { #expect(read(text + "\r\n").keepsAlive == stays, "\(text)") }
    }

    @Test(arguments: [
        ("HTTP/2 200 OK\r\n\r\n", UpstreamViolation.statusLine), ("HTTP/1.1 20 OK\r\n\r\n", .statusLine),
        ("HTTP/1.1 2000 OK\r\n\r\n", .statusLine), ("HTTP/1.1 099 X\r\n\r\n", .statusLine),
        ("HTTP/1.1 600 X\r\n\r\n", .statusLine), ("HTTP/1.1  200 OK\r\n\r\n", .statusLine),
        ("http/1.1 200 OK\r\n\r\n", .statusLine), ("HTTP/1.1 200 O\0K\r\n\r\n", .statusLine),
        ("\r\nHTTP/1.1 200 OK\r\n\r\n", .lineEnd), ("HTTP/1.1 200 OK\n\r\n", .lineEnd),
        ("HTTP/1.1 200 OK\r\nA: b\n\r\n", .lineEnd), ("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", .lineEnd),
        ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", .field), ("HTTP/1.1 200 OK\r\n folded\r\n\r\n", .field),
        ("HTTP/1.1 200 OK\r\nA\r\n\r\n", .field), ("HTTP/1.1 200 OK\r\nA: \u{1}\r\n\r\n", .field),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n", .length),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", .length),
        ("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n", .length),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", .length),
        ("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", .length),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", .length),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .coding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", .coding),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .coding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", .chunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", .chunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n", .lineEnd),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", .chunk),
    ])
    func `what can be read in two ways is not believed`(text: String, violation: UpstreamViolation) {
        #expect(read(text).violation == violation)
        #expect(read(Array(text.utf8).map { [$0] }).violation == violation)
    }

    @Test func `the same length said twice is said once`() {
        #expect(read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na").isOver)
    }

    @Test func `heads have a limit, bodies have none`() {
        var limits = HTTPLimits()
        limits.requestLineBytesMax = 100
        limits.headerBytesMax = 1_000
        limits.bodyBytesMax = 10
        let long = Array("HTTP/1.1 200 OK\r\nA: \(String(repeating: "b", count: 2_000))\r\n\r\n".utf8)
        #expect(read([long], limits: limits).violation == .tooLarge)
        #expect(read([Array(long.prefix(1_500))], limits: limits).violation == .tooLarge)
        let data = [UInt8](repeating: 120, count: 100_000)
        let length = Array("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".utf8)
        #expect(read([length, data], limits: limits).body == data)
        let chunked = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n".utf8)
        let story = read([chunked, data, Array("\r\n0\r\n\r\n".utf8)], limits: limits)
        #expect(story.body == data)
        #expect(story.isOver)
    }

    @Test(arguments: 0..<UInt64(4))
    func `however bytes are cut, and whatever was changed in them, the story is the same`(block: UInt64) {
        let seeds = [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n",
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nrest", "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
        ]
        for number in 0..<UInt64(1_000) {
            var generator = SeededGenerator(seed: block * 1_000 + number)
            let original = Array(seeds[Int.random(in: 0..<seeds.count, using: &generator)].utf8)
            let bytes = Bool.random(using: &generator) ? generator.mutated(original) : original
            let whole = read([bytes], closes: true)
            #expect(read(bytes.map { [$0] }, closes: true) == whole, "seed \(block * 1_000 + number)")
            #expect(read(generator.pieces(of: bytes, max: 20), closes: true) == whole, "seed \(block * 1_000 + number)")
        }
    }
}
