import AdmissionTestSupport
import NIOCore

@testable import Gateway

/// What the reverse proxy reads from both sides: what it passes on must say the same, once, to whoever reads it next.
struct ProxyTarget: FuzzTarget {
    static let name = "proxy"

    private static let requests: [[UInt8]] = [
        "GET /t/a?b=c HTTP/1.1\r\nHost: a\r\nX-API-Key: k\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n",
        "POST /t HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        "PUT /t HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3;a=b\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
        "GET http://a.example/t HTTP/1.1\r\nHost: a.example\r\nForwarded: for=1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n\r\n",
        "GET /t HTTP/1.1\r\nHost: a\r\nConnection: upgrade, x-a\r\nUpgrade: websocket\r\nX-A: 1\r\n\r\n",
        "GET /t HTTP/1.1\r\nHost: a\r\nHeadgate-Tenant: forged\r\nContent_Length: 4\r\nTE: trailers\r\n\r\n",
        "POST /t HTTP/1.0\r\nConnection: keep-alive\r\nKeep-Alive: 5\r\nContent-Length: 2\r\n\r\nhi",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    ].map { Array($0.utf8) }

    private static let answers: [[UInt8]] = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: 1\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.0 200 \r\nConnection: close, x-b\r\nX-B: 2\r\n\r\nuntil the end",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nETag: \"a\"\r\nHeadgate-Tier: forged\r\n\r\n",
    ].map { Array($0.utf8) }

    private static let limits: HTTPLimits = {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 4_096
        return limits
    }()

    init() {}

    mutating func run(_ generator: inout SeededGenerator, _ tally: inout FuzzTally) throws {
        let isAccepted =
            generator.below(2) == 0
            ? try passOn(generator.mutated(ProxyTarget.requests)) : try passBack(&generator, &tally)
        if isAccepted { tally.accepted += 1 } else { tally.refused += 1 }
    }
}

/// Requests.
extension ProxyTarget {
    /// - Returns: whether there is a request to pass on.
    private func passOn(_ bytes: [UInt8]) throws -> Bool {
        var (input, parser) = (ByteBuffer(bytes: bytes), HTTPRequestParser(limits: ProxyTarget.limits))
        do throws(HTTPViolation) {
            guard let request = try parser.nextHead(&input) else { return false }
            let written = ProxyTarget.written(request)
            var (again, reader) = (ByteBuffer(bytes: written), HTTPRequestParser(limits: ProxyTarget.limits))
            let isSame: Bool
            do throws(HTTPViolation) {
                guard let read = try reader.nextHead(&again) else { return try fail(bytes, written, "is no head") }
                isSame =
                    read.string(read.head.methodRange) == request.string(request.head.methodRange)
                    && read.head.framing == request.head.framing && again.readableBytes == 0
                    && read.value(ofFieldNamed: "headgate-tenant") == nil
            } catch { return try fail(bytes, written, "is refused: \(error)") }
            if !isSame { return try fail(bytes, written, "says something else") }
            try readBody(request.head.framing, &input)
            return true
        } catch { return false }
    }

    private static func written(_ request: borrowing HTTPRequestView) -> [UInt8] {
        let head = ForwardedHead(peer: HTTPPeer(address: nil, trust: nil), isSecure: false)
        var writer = ByteWriter()
        head.write(request, ForwardedHead.upgrade(request), into: &writer) {
            $0.field("Headgate-Decision", literal: "d")
        }
        return writer.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    /// What is passed on must not say anything else than what came; a death, since a crash is what this looks for.
    private func fail(_ bytes: [UInt8], _ written: [UInt8], _ what: String) throws(HTTPViolation) -> Bool {
        preconditionFailure("\(bytes) is passed on as \(written), which \(what)")
    }

    private func readBody(_ framing: HTTPBodyFraming, _ input: inout ByteBuffer) throws(HTTPViolation) {
        var (body, steps) = (HTTPBodyReader(framing, limits: ProxyTarget.limits), 0)
        while true {
            steps += 1
            precondition(steps <= input.readableBytes + 8, "a body that never ends")
            switch try body.next(&input) {
            case .incomplete: return
            case .data: continue
            case .end(let trailers): return _ = trailers.flatMap { TrailerFields.passedOn($0, .request) }
            }
        }
    }
}

/// Answers.
extension ProxyTarget {
    /// What came of some bytes.
    private struct Outcome: Equatable {
        var statuses: [Int] = []
        var bodyBytes = 0
        var ends = 0
        var violation: UpstreamViolation?
    }

    /// - Returns: whether the answer is one.
    private func passBack(_ generator: inout SeededGenerator, _ tally: inout FuzzTally) throws -> Bool {
        let bytes = generator.mutated(ProxyTarget.answers)
        let question: HTTPResponseParser.Question = generator.below(8) == 0 ? .head : .other
        let whole = try outcome(of: [bytes[...]], question, &tally)
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = 1 + generator.below(30)
            pieces.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        let cut = try outcome(of: pieces, question, &tally)
        guard cut == whole else { throw FuzzFailure("\(bytes): \(whole) at once, \(cut) in pieces") }
        return whole.violation == nil
    }

    private func outcome(
        of pieces: [ArraySlice<UInt8>], _ question: HTTPResponseParser.Question, _ tally: inout FuzzTally
    ) throws -> Outcome {
        var (parser, input) = (HTTPResponseParser(limits: ProxyTarget.limits), ByteBuffer())
        var (outcome, steps) = (Outcome(), 0)
        parser.begin(question)
        for piece in pieces {
            input.writeBytes(piece)
            do throws(UpstreamViolation) {
                while try step(&parser, &input, &outcome) { steps += 1 }
            } catch {
                outcome.violation = error
                break
            }
        }
        tally.stepsMax = max(tally.stepsMax, steps)
        return outcome
    }

    /// - Returns: whether there may be more.
    private func step(
        _ parser: inout HTTPResponseParser, _ input: inout ByteBuffer, _ outcome: inout Outcome
    ) throws(UpstreamViolation) -> Bool {
        switch try parser.next(&input) {
        case .incomplete: return false
        case .head(let head, let bytes):
            outcome.statuses.append(head.status)
            var writer = ByteWriter()
            PassedOnHead.write(head, bytes, keepsLength: false, into: &writer)
            ProxyTarget.judge(writer.withBytes { bytes in bytes.indices.map { bytes[$0] } }, from: bytes)
        case .data(let content): outcome.bodyBytes += content.readableBytes
        case .end(let trailers):
            _ = trailers.flatMap { TrailerFields.passedOn($0, .answer) }
            outcome.ends += 1
            return false
        }
        return true
    }

    /// A head that is passed back has lines with their ends, none of them empty, and nothing under our names.
    private static func judge(_ written: [UInt8], from bytes: ByteBuffer) {
        var last: UInt8 = 0
        var length = 0
        for byte in written {
            precondition((byte == ASCII.lineFeed) == (last == ASCII.carriageReturn), "a torn line: \(bytes)")
            length = byte == ASCII.lineFeed ? 0 : length + 1
            precondition(byte != ASCII.carriageReturn || length > 1, "an empty line: \(bytes)")
            last = byte
        }
        let text = String(decoding: written, as: UTF8.self).lowercased()
        precondition(!text.contains("\r\nheadgate-"), "forged: \(bytes)")
    }
}
