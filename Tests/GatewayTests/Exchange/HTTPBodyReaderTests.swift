import NIOCore
import Testing

@testable import Gateway

@Suite("Bodies that are passed on")
struct HTTPBodyReaderTests {
    /// What came of bytes.
    private struct Story: Equatable {
        var body = ""
        var trailers: String?
        var ends = 0
        var isOver = false
        var violation: HTTPViolation?
        var rest = ""
    }

    private func read(_ pieces: [[UInt8]], _ framing: HTTPBodyFraming) -> Story {
        var reader = HTTPBodyReader(framing, limits: HTTPLimits())
        var (input, story) = (ByteBuffer(), Story())
        do throws(HTTPViolation) {
            for piece in pieces {
                input.writeBytes(piece)
                try HTTPBodyReaderTests.drain(&reader, &input, &story)
            }
        } catch { story.violation = error }
        story.isOver = reader.isOver
        story.rest = String(buffer: input)
        return story
    }

    private static func drain(
        _ reader: inout HTTPBodyReader, _ input: inout ByteBuffer, _ story: inout Story
    ) throws(HTTPViolation) {
        while true {
            switch try reader.next(&input) {
            case .incomplete: return
            case .data(let data): story.body += String(buffer: data)
            case .end(let trailers):
                story.ends += 1
                story.trailers = trailers.map { String(buffer: $0) }
            }
        }
    }

    @Test func `a body ends once, however it was cut, and what follows stays`() {
        let bodies: [(HTTPBodyFraming, String, Story)] = [
            (.none, "GET", Story(ends: 1, isOver: true, rest: "GET")),
            (.length(3), "abcGET", Story(body: "abc", ends: 1, isOver: true, rest: "GET")),
            (
                .chunked, "1\r\na\r\n2;x=y\r\nbc\r\n0\r\nA:b\r\nC:  d \r\n\r\nGET",
                Story(body: "abc", trailers: "A: b\r\nC: d\r\n", ends: 1, isOver: true, rest: "GET")
            ),
        ]
        var generator = SeededGenerator(seed: 4)
        for (framing, text, expected) in bodies {
            for _ in 0..<50 {
                let pieces = generator.pieces(of: Array(text.utf8), max: text.utf8.count)
                #expect(read(pieces, framing) == expected)
            }
        }
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "1\r\nab\r\n", "1\r\na\r\n\r\n", "0\r\na b: c\r\n\r\n", "1\na\r\n"])
    func `a body that breaks the rules is never over`(text: String) {
        let story = read([Array(text.utf8)], .chunked)
        #expect(story.violation != nil)
        #expect(!story.isOver)
        #expect(story.ends == 0)
    }

    @Test func `an end in the middle is none`() {
        for framing in [HTTPBodyFraming.length(3), .chunked] {
            var reader = HTTPBodyReader(framing, limits: HTTPLimits())
            var violation: HTTPViolation?
            do throws(HTTPViolation) { _ = try reader.end() } catch { violation = error }
            #expect(violation == .truncated)
        }
        var tunnel = HTTPBodyReader.tunnel
        #expect((try? tunnel.end()) == true)
        #expect(tunnel.isOver)
    }
}
