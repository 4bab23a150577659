internal import NIOCore

/// Turns what an upstream sends into heads and pieces of bodies, one answer after the other.
///
/// Sans-I/O: the owner appends what arrives to one input buffer and calls `next` until it says `incomplete`. Bodies are
/// handed on as they come and never collected. Lines are judged when they are there to their end, so that the verdict
/// does not depend on how the bytes were cut.
struct HTTPResponseParser {
    private let limits: HTTPLimits
    private var phase = Phase.head
    /// Up to here the input has been searched for the end of the head.
    private var scanned = 0
    /// Where the next line begins.
    private var lineStart = 0

    private enum Phase {
        /// The head is incomplete. Can transition to all others but `over`.
        case head
        /// So many bytes of the body are still to come. Can transition to `ending`.
        case length(Int)
        /// The body comes in chunks. Can transition to `over`.
        case chunks(HTTPChunkDecoder)
        /// The body ends with the connection. Can transition to `over`.
        case untilClose
        /// All of the body has been handed on. Can transition to `over`.
        case ending
        /// The answer is complete. Ends with `begin`.
        case over
    }

    /// What the bytes amount to.
    enum Step {
        /// More bytes are needed.
        case incomplete
        /// The head of an answer, and its bytes.
        case head(HTTPResponseHead, ByteBuffer)
        /// A part of its body; shares the input's storage.
        case data(ByteBuffer)
        /// The answer is complete, with the lines of its trailer section, each with its end.
        case end(trailers: ByteBuffer?)
    }

    /// What asks: whether an answer has a body depends on it (RFC 9112 §6.3).
    enum Question: Hashable {
        /// HEAD: the answer has the head of one with a body, and no body.
        case head
        /// Any other method.
        case other
    }

    /// What has been asked.
    private var question = Question.other
    /// More data than anybody sends: bodies are passed on, not kept.
    private static let dataBytesMax = 1 << 58

    /// Makes a parser for one connection.
    init(limits: HTTPLimits) { self.limits = limits }

    /// Whether bytes that arrive now belong to nobody: an upstream that speaks without being asked is not believed.
    var isIdle: Bool { if case .over = phase { true } else { false } }

    /// Prepares for the answer to a request.
    mutating func begin(_ question: Question) {
        self.question = question
        phase = .head
        (scanned, lineStart) = (0, 0)
    }

    /// Goes on reading.
    ///
    /// - Parameter input: what has arrived and was not consumed by earlier calls.
    /// - Returns: what comes next.
    /// - Throws: the first violation; the connection is beyond help then.
    /// - Complexity: O(n) over all calls together.
    mutating func next(_ input: inout ByteBuffer) throws(UpstreamViolation) -> Step {
        switch phase {
        case .over: return .incomplete
        case .ending: return finish(trailers: nil)
        case .head: return try nextHead(&input)
        case .length(let left):
            let count = min(left, input.readableBytes)
            guard count > 0, let data = input.readSlice(length: count) else { return .incomplete }
            phase = left == count ? .ending : .length(left - count)
            return .data(data)
        case .untilClose:
            guard input.readableBytes > 0, let data = input.readSlice(length: input.readableBytes) else {
                return .incomplete
            }
            return .data(data)
        case .chunks(var decoder):
            phase = .over  // so that what the decoder keeps is held once
            let piece = try HTTPResponseParser.next(of: &decoder, &input)
            switch piece {
            case .incomplete: phase = .chunks(decoder)
            case .data(let data):
                phase = .chunks(decoder)
                return .data(data)
            case .end: return finish(trailers: decoder.trailers)
            }
            return .incomplete
        }
    }

    private static func next(
        of decoder: inout HTTPChunkDecoder, _ input: inout ByteBuffer
    ) throws(UpstreamViolation) -> HTTPChunkDecoder.Piece {
        do throws(HTTPViolation) { return try decoder.next(&input) } catch {
            switch error {
            case .chunkOverheadTooLarge: throw .tooLarge
            case .bareLineFeed, .bareCarriageReturn: throw .lineEnd
            default: throw .chunk
            }
        }
    }

    /// The upstream has closed its end.
    ///
    /// - Returns: whether that was the end of the answer.
    /// - Throws: `truncated` if an answer was not over.
    mutating func end() throws(UpstreamViolation) -> Bool {
        switch phase {
        case .over, .ending: return false
        case .untilClose:
            phase = .over
            return true
        case .head, .length, .chunks: throw .truncated
        }
    }

    private mutating func finish(trailers: ByteBuffer?) -> Step {
        phase = .over
        return .end(trailers: trailers)
    }
}

/// Heads.
extension HTTPResponseParser {
    private mutating func nextHead(_ input: inout ByteBuffer) throws(UpstreamViolation) -> Step {
        while let end = input.readableBytesUInt8Span.lineFeed(from: scanned) {
            guard end < limits.requestLineBytesMax + limits.headerBytesMax else { throw .tooLarge }
            scanned = end + 1
            // The empty line.
            guard end == lineStart + 1 else {
                lineStart = end + 1
                continue
            }
            let head = try HTTPResponseParser.parse(input.readableBytesUInt8Span, length: end + 1, question, limits)
            guard let bytes = input.readSlice(length: end + 1) else { return .incomplete }
            (scanned, lineStart) = (0, 0)
            begin(head)
            return .head(head, bytes)
        }
        scanned = input.readableBytes
        guard scanned < limits.requestLineBytesMax + limits.headerBytesMax else { throw .tooLarge }
        return .incomplete
    }

    private mutating func begin(_ head: HTTPResponseHead) {
        guard !head.isInterim else { return }
        switch head.framing {
        case .length(0): phase = .ending
        case .length(let length): phase = .length(length)
        case .chunked:
            phase = .chunks(
                HTTPChunkDecoder(
                    limits: limits, dataBytesMax: HTTPResponseParser.dataBytesMax, keepsTrailers: true))
        case .untilClose: phase = .untilClose
        }
    }

    private static func parse(
        _ bytes: Span<UInt8>, length: Int, _ question: Question, _ limits: HTTPLimits
    ) throws(UpstreamViolation) -> HTTPResponseHead {
        var head = HTTPResponseHead()
        head.length = length
        var start = 0
        while start < length - 2 {
            guard let end = bytes.lineFeed(from: start), end > start, bytes[end - 1] == ASCII.carriageReturn else {
                throw .lineEnd
            }
            if start == 0 {
                try parseStatusLine(bytes, 0..<end - 1, into: &head)
            } else {
                guard head.fields.count < limits.headerCountMax else { throw .tooLarge }
                let (name, value) = try field(bytes, start..<end - 1)
                head.fields.append(
                    HTTPField(
                        name: ByteRange(name), value: ByteRange(value), known: HTTPFieldName.recognise(bytes, name)))
            }
            start = end + 1
        }
        guard start == length - 2, start > 0, bytes[start] == ASCII.carriageReturn else { throw .lineEnd }
        try judge(&head, bytes, question)
        return head
    }

    private static func field(
        _ bytes: Span<UInt8>, _ line: Range<Int>
    ) throws(UpstreamViolation) -> (name: Range<Int>, value: Range<Int>) {
        do throws(HTTPViolation) { return try HTTPHeadParser.splitField(bytes, line) } catch {
            throw error == .bareCarriageReturn ? .lineEnd : .field
        }
    }

    /// `HTTP/1.1 200 OK` (RFC 9112 §4); the phrase may be missing, and so may the space before it.
    private static func parseStatusLine(
        _ bytes: Span<UInt8>, _ line: Range<Int>, into head: inout HTTPResponseHead
    ) throws(UpstreamViolation) {
        guard line.count >= 12, bytes.equals(0..<7, "HTTP/1."), ASCII.isDigit(bytes[7]), bytes[8] == ASCII.space else {
            throw .statusLine
        }
        head.minorVersion = bytes[7] == ASCII.zero ? 0 : 1
        for index in 9..<12 {
            guard ASCII.isDigit(bytes[index]) else { throw .statusLine }
            head.status = head.status * 10 + Int(bytes[index] - ASCII.zero)
        }
        guard (100...599).contains(head.status), line.count == 12 || bytes[12] == ASCII.space else {
            throw .statusLine
        }
        let phrase = min(13, line.count)..<line.count
        for index in phrase where !ASCII.isFieldContent(bytes[index]) { throw .statusLine }
        head.phrase = ByteRange(phrase)
    }

    /// Finds where the body ends (RFC 9112 §6.3) and whether the connection stays (§9.3).
    private static func judge(
        _ head: inout HTTPResponseHead, _ bytes: Span<UInt8>, _ question: Question
    ) throws(UpstreamViolation) {
        var length: Int?
        var isChunked = false
        var (closes, stays) = (false, false)
        for field in head.fields {
            switch field.known {
            case .contentLength:
                let found = try contentLength(bytes, field.value.range)
                guard length == nil || length == found else { throw .length }
                length = found
            case .transferEncoding:
                guard !isChunked, bytes.equalsIgnoringCase(field.value.range, "chunked") else { throw .coding }
                isChunked = true
            case .connection:
                let (close, stay) = connection(bytes, field.value.range)
                (closes, stays) = (closes || close, stays || stay)
            default: break
            }
        }
        guard !isChunked || length == nil else { throw .length }
        guard !isChunked || head.minorVersion > 0 else { throw .coding }
        head.keepsAlive = !closes && (head.minorVersion > 0 || stays)
        if question == .head || head.status < 200 || head.status == 204 || head.status == 304 {
            head.framing = .length(0)
        } else if isChunked {
            head.framing = .chunked
        } else if let length {
            head.framing = .length(length)
        } else {
            head.framing = .untilClose
            head.keepsAlive = false
        }
        if head.status == 101 { head.keepsAlive = false }
    }

    /// Digits and nothing else, of which 2⁶² has nineteen.
    private static func contentLength(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(UpstreamViolation) -> Int {
        guard (1...18).contains(range.count) else { throw .length }
        var length = 0
        for index in range {
            guard ASCII.isDigit(bytes[index]) else { throw .length }
            length = length * 10 + Int(bytes[index] - ASCII.zero)
        }
        return length
    }

    private static func connection(_ bytes: Span<UInt8>, _ value: Range<Int>) -> (closes: Bool, stays: Bool) {
        var (closes, stays) = (false, false)
        bytes.forEachElement(of: value) { option in
            if bytes.equalsIgnoringCase(option, "close") { closes = true }
            if bytes.equalsIgnoringCase(option, "keep-alive") { stays = true }
        }
        return (closes, stays)
    }
}
