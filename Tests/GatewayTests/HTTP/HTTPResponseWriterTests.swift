import NIOCore
import Testing
import Vocabulary

@testable import Gateway

@Suite("Answers")
struct HTTPResponseWriterTests {
    /// What a writer makes of one answer.
    private func written(
        omitsBody: Bool = false, minorVersion: UInt8 = 1, closes: Bool = false,
        _ write: (inout HTTPResponseWriter) -> Void
    ) -> String {
        var writer = HTTPResponseWriter()
        writer.setDate("Sun, 06 Nov 1994 08:49:37 GMT")
        writer.begin(.init(omitsBody: omitsBody, minorVersion: minorVersion, closes: closes))
        write(&writer)
        return String(buffer: writer.takeOutput())
    }

    private let date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

    @Test func `an answer has its status, its date, its fields and its length`() {
        let answer = written { writer in
            writer.start(.ok)
            writer.field("Retry-After", 12)
            writer.field("X-Static", literal: "a")
            writer.field("X-Text", "b é")
            writer.finish(contentType: "text/plain", body: "hello")
        }
        #expect(
            answer == "HTTP/1.1 200 OK\r\n\(date)Retry-After: 12\r\nX-Static: a\r\nX-Text: b é\r\n"
                + "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello")
    }

    @Test func `an answer without a body says so`() {
        let answer = written { writer in
            writer.start(.tooManyRequests)
            writer.finish()
        }
        #expect(answer == "HTTP/1.1 429 Too Many Requests\r\n\(date)Content-Length: 0\r\n\r\n")
    }

    @Test(arguments: [HTTPStatus.noContent, .notModified])
    func `some statuses end with their head`(status: HTTPStatus) {
        let answer = written { writer in
            writer.start(status)
            writer.finish(contentType: "text/plain", body: "hello")
        }
        #expect(answer == "HTTP/1.1 \(status.line)\r\n\(date)\r\n")
    }

    @Test func `HEAD gets the head of the answer to GET`() {
        let write: (inout HTTPResponseWriter) -> Void = { writer in
            writer.start(.ok)
            writer.finish { $0.object { $0.member("a", 1) } }
        }
        let whole = written(write)
        #expect(whole.hasSuffix("\r\n\r\n{\"a\":1}"))
        #expect(written(omitsBody: true, write) == whole.replacing("{\"a\":1}", with: ""))
    }

    @Test func `the connection is mentioned where the other side cannot know`() {
        let write: (inout HTTPResponseWriter) -> Void = { writer in
            writer.start(.ok)
            writer.finish()
        }
        #expect(!written(write).contains("Connection"))
        #expect(written(closes: true, write).contains("\r\nConnection: close\r\n"))
        #expect(written(minorVersion: 0, write).contains("\r\nConnection: keep-alive\r\n"))
        #expect(written(minorVersion: 0, closes: true, write).contains("\r\nConnection: close\r\n"))
    }

    @Test func `a responder may close the connection`() {
        let answer = written { writer in
            writer.closesConnection = true
            writer.start(.serviceUnavailable)
            writer.finish(contentType: "text/plain", body: ByteBuffer(string: "later"))
        }
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(answer.hasSuffix("\r\nContent-Length: 5\r\n\r\nlater"))
    }

    @Test func `no value can begin a line of its own`() {
        let answer = written { writer in
            writer.start(.ok)
            writer.field("X-Tenant", "a\r\nSet-Cookie: b\0\u{7F}")
            writer.finish()
        }
        #expect(answer.contains("\r\nX-Tenant: a??Set-Cookie: b??\r\n"))
    }

    @Test func `a problem names its status, and escapes what it quotes`() {
        let answer = written { $0.problem(.badRequest, detail: "not \"that\"") }
        #expect(answer.contains("\r\nContent-Type: application/problem+json\r\n"))
        #expect(
            answer.hasSuffix(
                #"{"type":"about:blank","title":"Bad Request","status":400,"detail":"not \"that\""}"#))
    }

    @Test func `every status line begins with its code`() {
        for status in HTTPStatus.allCases {
            #expect(status.line.description.hasPrefix("\(status.code) "))
            #expect(!status.phrase.isEmpty && !status.phrase.hasPrefix(" "))
        }
    }

    @Test func `bytes that are being sent are never overwritten`() {
        var writer = HTTPResponseWriter()
        var sent: [(ByteBuffer, String)] = []
        for number in 0..<10 {
            writer.begin(.init(omitsBody: false, minorVersion: 1, closes: false))
            writer.start(.ok)
            writer.field("X-Number", Int64(number))
            writer.finish()
            let output = writer.takeOutput()
            // Every other answer is still on its way when the next is written.
            if number.isMultiple(of: 2) { sent.append((output, String(buffer: output))) }
        }
        for (buffer, text) in sent { #expect(String(buffer: buffer) == text) }
        #expect(Set(sent.map(\.1)).count == 5)
    }

    @Test(
        arguments: [0, 9, 10, 99, 100, 101, 999, 1_000, 9_999_999, 10_000_000, 1_234_567_890, -1, -10, .max, .min]
            as [Int64])
    func `numbers are written in full`(number: Int64) {
        var writer = ByteWriter()
        writer.write(decimal: number)
        let text = writer.withBytes { $0.string(0..<$0.count) }
        #expect(text == "\(number)")
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_399_999, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (4_102_444_799_000, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func `dates are written as RFC 9110 wants them`(milliseconds: Int64, text: String) {
        #expect(HTTPDate.text(WallTime(milliseconds: milliseconds)) == text)
    }
}
