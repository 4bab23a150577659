internal import NIOCore

/// Takes the body of a request apart as it arrives, for whoever passes it on instead of keeping it.
struct HTTPBodyReader {
    private var phase: Phase

    private enum Phase {
        /// So many bytes are still to come. Can transition to `over`.
        case length(Int)
        /// The body comes in chunks. Can transition to `over`.
        case chunks(HTTPChunkDecoder)
        /// Everything that comes belongs to it: the connection is a tunnel.
        case tunnel
        /// It is complete.
        case over
        /// It breaks the rules, so that nobody knows where it ends: what follows is no request.
        case broken
    }

    /// What the bytes amount to.
    enum Piece {
        /// More bytes are needed.
        case incomplete
        /// A part of the body; shares the input's storage.
        case data(ByteBuffer)
        /// The body is complete, with the lines of its trailer section, each with its end.
        case end(trailers: ByteBuffer?)
    }

    /// Bytes of a piece at most: whoever does not want more after a piece has not got much too much.
    static let pieceBytesMax = 16_384

    /// Begins the body of a request.
    init(_ framing: HTTPBodyFraming, limits: HTTPLimits) {
        phase =
            switch framing {
            case .none: .length(0)
            case .length(let length): .length(length)
            case .chunked: .chunks(HTTPChunkDecoder(limits: limits, keepsTrailers: true))
            }
    }

    /// A connection from which all that comes is passed on.
    static let tunnel = HTTPBodyReader(phase: .tunnel)
    /// Nothing is to come.
    static let over = HTTPBodyReader(phase: .over)

    private init(phase: Phase) { self.phase = phase }

    /// Whether all of it has been handed on, so that another request may follow.
    var isOver: Bool { if case .over = phase { true } else { false } }

    /// Goes on reading.
    ///
    /// - Complexity: O(n) over all calls together.
    mutating func next(_ input: inout ByteBuffer) throws(HTTPViolation) -> Piece {
        switch phase {
        case .over, .broken: return .incomplete
        case .length(0):
            phase = .over
            return .end(trailers: nil)
        case .length(let left):
            let count = min(left, input.readableBytes, HTTPBodyReader.pieceBytesMax)
            guard count > 0, let data = input.readSlice(length: count) else { return .incomplete }
            phase = .length(left - count)
            return .data(data)
        case .tunnel:
            guard input.readableBytes > 0, let data = input.readSlice(length: input.readableBytes) else {
                return .incomplete
            }
            return .data(data)
        case .chunks(var decoder):
            phase = .broken  // unless it is well; and so that what the decoder keeps is held once
            switch try decoder.next(&input) {
            case .incomplete: phase = .chunks(decoder)
            case .data(let data):
                phase = .chunks(decoder)
                return .data(data)
            case .end:
                phase = .over
                return .end(trailers: decoder.trailers)
            }
            return .incomplete
        }
    }

    /// The client has closed its end.
    ///
    /// - Returns: whether that was the end of what it sends.
    /// - Throws: `truncated` in the middle of a body.
    mutating func end() throws(HTTPViolation) -> Bool {
        switch phase {
        case .over, .broken: return false
        case .tunnel:
            phase = .over
            return true
        case .length, .chunks: throw .truncated
        }
    }
}
