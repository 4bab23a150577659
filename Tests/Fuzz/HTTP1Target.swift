import AdmissionTestSupport
import NIOCore

@testable import Gateway

/// The parser of HTTP/1.1: must find the same in the same bytes however they are cut, and hold no more than its limits.
struct HTTP1Target: FuzzTarget {
    static let name = "http1"

    private static let limits: HTTPLimits = {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 4_096
        return limits
    }()

    private static let corpus: [[UInt8]] = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/envelopes/7?view=short HTTP/1.1\r\nHost: a:80\r\nX-API-Key: hg_live_x\r\nAccept: */*\r\n\r\n",
        "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"a\":\"b\\n\"}",
        "POST /x HTTP/1.1\r\nHost: [::1]:8080\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0;a=b\r\nX: y\r\n\r\n",
        "PUT /y HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        "HEAD http://example.org/z HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\nhost:a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nAuthorization: Bearer y\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /%2e%2e/a;b=c//d?e=f&g HTTP/1.1\r\nHost: a\r\nHeadgate-Attributes: a=b, c=d\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ].map { Array($0.utf8) }

    /// What came of some bytes.
    private struct Outcome: Equatable {
        var requests = 0
        var bodyBytes = 0
        var fields = 0
        var violation: HTTPViolation?
        var isWaiting = false
    }

    init() {}

    mutating func run(_ generator: inout SeededGenerator, _ tally: inout FuzzTally) throws {
        var bytes = generator.mutated(HTTP1Target.corpus)
        if generator.below(4) == 0 { bytes += generator.mutated(HTTP1Target.corpus) }
        let whole = try outcome(of: [bytes[...]], &tally)
        if whole.violation == nil { tally.accepted += 1 } else { tally.refused += 1 }
        guard generator.below(4) == 0 else { return }
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = 1 + generator.below(40)
            pieces.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        let cut = try outcome(of: pieces, &tally)
        guard cut == whole else { throw FuzzFailure("\(bytes): \(whole) at once, \(cut) in pieces") }
    }

    private func outcome(of pieces: [ArraySlice<UInt8>], _ tally: inout FuzzTally) throws -> Outcome {
        var parser = HTTPRequestParser(limits: HTTP1Target.limits)
        var input = ByteBuffer()
        var outcome = Outcome()
        var steps = 0
        var count = 0
        for piece in pieces {
            input.writeBytes(piece)
            count += piece.count
            do throws(HTTPViolation) {
                var isDry = false
                while !isDry {
                    steps += 1
                    isDry = try step(&parser, &input, &outcome)
                }
            } catch {
                outcome.violation = error
                break
            }
            let held = input.readableBytes + parser.heldBytes
            // Storage doubles as it grows, so twice the limits are held at most, and some room.
            guard held < 2 * HTTP1Target.limits.requestBytesMax + 4_096 else { throw FuzzFailure("held \(held) bytes") }
            // Two steps per request, of at least sixteen bytes, and two for each piece.
            guard steps <= count / 8 + 2 * pieces.count + 2 else {
                throw FuzzFailure("\(steps) steps for \(count) bytes")
            }
        }
        tally.stepsMax = max(tally.stepsMax, steps)
        outcome.isWaiting = outcome.violation == nil && input.readableBytes > 0
        return outcome
    }

    /// - Returns: whether more bytes are needed.
    private func step(
        _ parser: inout HTTPRequestParser, _ input: inout ByteBuffer, _ outcome: inout Outcome
    ) throws(HTTPViolation) -> Bool {
        switch try parser.next(&input) {
        case .incomplete: return true
        case .expectsContinue: return false
        case .request(let request):
            outcome.requests += 1
            outcome.bodyBytes += request.body.readableBytes
            for field in request.head.fields { outcome.fields += request.string(field.value).utf8.count & 0xFF }
            _ = Endpoint(request)
            return false
        }
    }
}
