import NIOCore
import Testing

@testable import Gateway

@Suite("HTTP/1.1 requests, mutated")
struct HTTPParserFuzzTests {
    /// Requests to begin with; together they reach every state of the parser.
    private static let seeds = [
        "GET /v1/check?a=b HTTP/1.1\r\nHost: a.example:80\r\nAuthorization: Bearer x\r\nX-Other: 1\r\n\r\n",
        "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nConnection: close\r\n\r\nhello, world",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n",
        "PUT http://h/p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        "GET / HTTP/1.0\r\n\r\n",
        "\r\nOPTIONS * HTTP/1.1\r\nHost:\r\nConnection: keep-alive, close\r\n\r\n",
    ]

    @Test(arguments: 0..<UInt64(8))
    func `whatever is fed, however it is cut, the outcome is the same and memory stays bounded`(block: UInt64) {
        let limits = HostileRequests.limits
        for number in 0..<UInt64(1_000) {
            let seed = block * 1_000 + number
            var generator = SeededGenerator(seed: seed)
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let original = Array(Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &generator)].utf8)
                bytes += Bool.random(using: &generator) ? generator.mutated(original) : original
            }
            let whole = Transcript(of: [bytes], limits: limits)
            let single = Transcript(of: bytes.map { [$0] }, limits: limits)
            let cut = Transcript(of: generator.pieces(of: bytes, max: 40), limits: limits)
            #expect(single == whole, "seed \(seed)")
            #expect(cut == whole, "seed \(seed)")
            // Storage doubles as it grows; fed byte by byte the parser never holds more than one request.
            #expect(single.heldBytesMax <= 2 * (limits.requestBytesMax + 512), "seed \(seed)")
        }
    }

    @Test func `valid requests survive any cutting`() {
        for seed in 0..<UInt64(200) {
            var generator = SeededGenerator(seed: seed)
            let texts = (0..<5).map { _ in Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &generator)] }
            let pieces = generator.pieces(of: Array(texts.joined().utf8), max: 60)
            let transcript = Transcript(of: pieces)
            #expect(transcript.violation == nil, "seed \(seed)")
            #expect(transcript.requests.count == 5, "seed \(seed)")
        }
    }

    @Test func `a large body that comes in small pieces is kept once`() {
        let count = 300_000
        let pieces =
            [Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)]
            + (0..<count / 100).map { _ in
                Array("64\r\n".utf8) + [UInt8](repeating: 120, count: 100) + Array("\r\n".utf8)
            }
        let transcript = Transcript(of: pieces + [Array("0\r\n\r\n".utf8)])
        #expect(transcript.requests.map(\.body.utf8.count) == [count])
        #expect(transcript.heldBytesMax < 2 * count)
    }
}
