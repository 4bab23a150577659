import NIOCore
import Testing

@testable import Gateway

@Suite("Hostile requests")
struct HTTPHostileRequestTests {
    @Test(arguments: HostileRequests.all)
    func `a hostile request is refused for the right reason`(text: String, violation: HTTPViolation) {
        let transcript = Transcript(text, limits: HostileRequests.limits)
        #expect(transcript.violation == violation)
        #expect(transcript.requests.isEmpty)
    }

    @Test func `there are more than eighty of them`() {
        #expect(HostileRequests.all.count > 80)
        #expect(Set(HostileRequests.all.map(\.text)).count == HostileRequests.all.count)
    }

    @Test(arguments: HostileRequests.all)
    func `the verdict does not depend on how the bytes were cut`(text: String, violation: HTTPViolation) {
        let bytes = Array(text.utf8)
        let limits = HostileRequests.limits
        #expect(Transcript(of: bytes.map { [$0] }, limits: limits).violation == violation)
        for seed in 0..<UInt64(20) {
            var generator = SeededGenerator(seed: seed)
            let pieces = generator.pieces(of: bytes, max: 24)
            #expect(Transcript(of: pieces, limits: limits).violation == violation, "seed \(seed)")
        }
    }

    @Test(arguments: HostileRequests.all)
    func `a hostile request behind a good one spoils only what follows`(text: String, violation: HTTPViolation) {
        // A line end is a harmless beginning, so what begins with one is another request here.
        guard !text.hasPrefix("\r") else { return }
        let transcript = Transcript("GET /good HTTP/1.1\r\nHost: a\r\n\r\n" + text, limits: HostileRequests.limits)
        #expect(transcript.requests.map(\.target) == ["/good"])
        #expect(transcript.violation == violation)
    }

    @Test func `what just fits is accepted`() {
        let limits = HostileRequests.limits
        let line = "GET /\(String(repeating: "a", count: 64 - 14)) HTTP/1.1\r\n"
        #expect(Transcript(line + "Host: a\r\n\r\n", limits: limits).requests.count == 1)
        let fields = "Host: a\r\nX: \(String(repeating: "b", count: 128 - 9 - 5 - 2))\r\n\r\n"
        #expect(Transcript("GET / HTTP/1.1\r\n" + fields, limits: limits).requests.count == 1)
        let five = "Host: a\r\n" + String(repeating: "X: 1\r\n", count: 4) + "\r\n"
        #expect(Transcript("GET / HTTP/1.1\r\n" + five, limits: limits).requests.count == 1)
        let body = String(repeating: "c", count: 32)
        let known = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 32\r\n\r\n" + body
        #expect(Transcript(known, limits: limits).requests.map(\.body) == [body])
        let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunks =
            "1f;\(String(repeating: "x", count: 127))\r\n\(body.dropLast())\r\n1\r\nc\r\n0000000000000000\r\n\r\n"
        #expect(Transcript(chunked + chunks, limits: limits).requests.map(\.body) == [body])
    }

    @Test func `every violation has an answer that says what was wrong`() {
        for violation in HostileRequests.all.map(\.violation) {
            #expect(violation.status.code >= 400)
            #expect(violation.description.hasSuffix(".") || violation.description.hasSuffix("?"))
        }
        let statuses = Set(HostileRequests.all.map(\.violation.status))
        let expected: Set<HTTPStatus> = [
            .badRequest, .contentTooLarge, .uriTooLong, .expectationFailed, .requestHeaderFieldsTooLarge,
            .notImplemented, .httpVersionNotSupported,
        ]
        #expect(statuses == expected)
    }
}
