internal import NIOCore

/// Takes a chunked body apart (RFC 9112 §7.1) as it arrives.
///
/// Every line is judged only when it is there to its end, so the verdict does not depend on how the bytes
/// were cut. Extensions are checked and dropped. So are trailer fields, unless they are asked for: they never become
/// fields of the head (RFC 9110 §6.5.1).
struct HTTPChunkDecoder {
    private let limits: HTTPLimits
    private let dataBytesMax: Int
    private var phase = Phase.size
    /// Bytes of the unconsumed input that hold no line feed.
    private var scanned = 0
    /// Bytes of data so far.
    private var total = 0
    /// Bytes of extensions and trailer fields so far.
    private var overhead = 0

    private enum Phase {
        /// A line with a size comes next. Can transition to `data` and `trailer`.
        case size
        /// This many bytes of data are still to come. Can transition to `dataEnd`.
        case data(Int)
        /// The line end after the data comes next. Can transition to `size`.
        case dataEnd
        /// A trailer field or the empty line comes next.
        case trailer
    }

    /// What the input amounts to.
    enum Piece {
        /// More bytes are needed.
        case incomplete
        /// A part of the data; shares the input's storage.
        case data(ByteBuffer)
        /// The body is complete; what is left in the input belongs to the next message.
        case end
    }

    /// The lines of the trailer section, each `name: value` and with its end; `nil`: they are dropped.
    private(set) var trailers: ByteBuffer?

    /// Hexadecimal digits of a size, as many as 64 bits have: no client writes more, and leading zeros end somewhere.
    private static let sizeDigitsMax = 16

    /// Begins a body.
    ///
    /// - Parameters:
    ///   - limits: how much there may be besides the data.
    ///   - dataBytesMax: how much data there may be, at most 2⁵⁸; as the limits say unless told otherwise.
    ///   - keepsTrailers: whether the trailer section is wanted.
    init(limits: HTTPLimits, dataBytesMax: Int? = nil, keepsTrailers: Bool = false) {
        self.limits = limits
        self.dataBytesMax = dataBytesMax ?? limits.bodyBytesMax
        trailers = keepsTrailers ? ByteBuffer() : nil
    }

    /// Consumes what it can of the input, and appends the data to the body.
    ///
    /// Says whether the body is complete; what is left in the input then belongs to the next request.
    ///
    /// - Complexity: O(n) over all calls together.
    mutating func decode(_ input: inout ByteBuffer, into body: inout ByteBuffer) throws(HTTPViolation) -> Bool {
        while true {
            switch try next(&input) {
            case .incomplete: return false
            case .data(var data): body.writeBuffer(&data)
            case .end: return true
            }
        }
    }

    /// Consumes the input up to the end of the next piece of data.
    ///
    /// - Complexity: O(n) over all calls together.
    mutating func next(_ input: inout ByteBuffer) throws(HTTPViolation) -> Piece {
        while true {
            switch phase {
            case .data(let remaining):
                let count = min(remaining, input.readableBytes)
                guard count > 0, let data = input.readSlice(length: count) else { return .incomplete }
                phase = count == remaining ? .dataEnd : .data(remaining - count)
                return .data(data)
            case .dataEnd:
                guard let end = input.readInteger(as: UInt16.self) else { return .incomplete }
                guard end == 0x0D0A else { throw .unterminatedChunk }
                phase = .size
            case .size, .trailer:
                guard let line = try nextLine(input) else { return .incomplete }
                let isLast = try parse(line, of: input)
                input.moveReaderIndex(forwardBy: line.upperBound + 2)
                if isLast { return .end }
            }
        }
    }

    /// The next line without its end, if it is complete, in offsets from the reader index.
    private mutating func nextLine(_ input: ByteBuffer) throws(HTTPViolation) -> Range<Int>? {
        let bytes = input.readableBytesUInt8Span
        let allowed = HTTPChunkDecoder.sizeDigitsMax + limits.headerBytesMax - overhead
        guard let end = bytes.lineFeed(from: scanned) else {
            scanned = bytes.count
            // The last byte may be the carriage return.
            guard bytes.count - 1 <= allowed else { throw .chunkOverheadTooLarge(max: limits.headerBytesMax) }
            return nil
        }
        scanned = 0
        guard end - 1 <= allowed else { throw .chunkOverheadTooLarge(max: limits.headerBytesMax) }
        return try HTTPHeadParser.contents(of: 0..<end, in: bytes)
    }

    /// Judges one complete line; says whether it was the body's last.
    private mutating func parse(_ line: Range<Int>, of input: ByteBuffer) throws(HTTPViolation) -> Bool {
        let bytes = input.readableBytesUInt8Span
        guard case .trailer = phase else {
            let size = try parseSize(bytes, line)
            phase = size == 0 ? .trailer : .data(size)
            return false
        }
        if line.isEmpty { return true }
        let (name, value) = try HTTPHeadParser.splitField(bytes, line)
        try spend(line.count)
        keep(bytes.extracting(name), bytes.extracting(value))
        return false
    }

    /// Keeps a trailer field as everybody writes them, however it came.
    private mutating func keep(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        trailers?.write(name)
        trailers?.writeStaticString(": ")
        trailers?.write(value)
        trailers?.writeStaticString("\r\n")
    }

    private mutating func parseSize(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(HTTPViolation) -> Int {
        var size = 0
        var index = line.lowerBound
        while index < line.upperBound, let digit = ASCII.hexadecimalValue(bytes[index]) {
            guard index < HTTPChunkDecoder.sizeDigitsMax else { throw .invalidChunkSize }
            // Past the limit the digits are only checked: the number, limited to 58 bits, cannot overflow.
            if size <= dataBytesMax { size = size << 4 | Int(digit) }
            index += 1
        }
        guard index > line.lowerBound else { throw .invalidChunkSize }
        try checkExtension(bytes, index..<line.upperBound)
        guard size <= dataBytesMax - total else { throw .bodyTooLarge(max: dataBytesMax) }
        total += size
        return size
    }

    /// Accepts nothing, or blanks and a semicolon and then whatever a field value may hold.
    private mutating func checkExtension(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPViolation) {
        guard !range.isEmpty else { return }
        var start = range.lowerBound
        while start < range.upperBound, ASCII.isBlank(bytes[start]) { start += 1 }
        guard start < range.upperBound, bytes[start] == UInt8(ascii: ";") else { throw .invalidChunkSize }
        try HTTPHeadParser.checkFieldContent(bytes, start..<range.upperBound)
        try spend(range.count)
    }

    private mutating func spend(_ count: Int) throws(HTTPViolation) {
        overhead += count
        guard overhead <= limits.headerBytesMax else {
            throw .chunkOverheadTooLarge(max: limits.headerBytesMax)
        }
    }
}
