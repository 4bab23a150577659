/// Reads the head of a request from bytes that may arrive in pieces.
///
/// Sans-I/O: it is handed all bytes from the beginning of the request on, each time some more, and says when the head
/// is complete. It waits for whole lines and remembers how far it has looked for their ends, so that every byte is
/// looked at twice, however it arrives; and it judges whole lines only, so that the verdict does not depend on how the
/// bytes were cut. It keeps offsets and copies nothing.
package struct HTTPHeadParser {
    /// What has been read; complete after `parse` has returned true.
    package internal(set) var head = HTTPRequestHead()
    /// What the parser accepts.
    let limits: HTTPLimits

    /// Which line comes next.
    private var phase = Phase.start
    /// Where the next line begins.
    private var lineStart = 0
    /// Where the field lines begin.
    private var fieldsStart = 0
    /// Up to here there is no line feed after `lineStart`.
    private var scanned = 0

    private enum Phase {
        /// No byte has been looked at. Can transition to `requestLine`.
        case start
        /// A request line comes next. Can transition to `fields`.
        case requestLine
        /// A field line or the empty line comes next. Ends with `reset`.
        case fields
    }

    /// Makes a parser for one request after the other.
    package init(limits: HTTPLimits) {
        limits.check()
        self.limits = limits
    }

    /// Prepares for the next request; the head stays as it is until that one's first byte is there.
    package mutating func reset() {
        phase = .start
        lineStart = 0
        scanned = 0
    }

    /// Goes on reading.
    ///
    /// - Parameter bytes: everything from the request's first byte on that has arrived by now.
    /// - Returns: whether the head is complete. `head.length` then says where the body begins.
    /// - Throws: the first violation; the parser must not be used again before `reset`.
    /// - Complexity: O(n) over all calls together.
    package mutating func parse(_ bytes: Span<UInt8>) throws(HTTPViolation) -> Bool {
        if phase == .start {
            guard try begin(bytes) else { return false }
        }
        while let (end, isPlain) = lineEnd(bytes) {
            let line = lineStart..<end
            if phase == .requestLine {
                try checkRequestLine(length: line.count - 1)
                try parseRequestLine(bytes, try HTTPHeadParser.contents(of: line, in: bytes))
                phase = .fields
                fieldsStart = end + 1
            } else {
                try checkFields(end: end + 1)
                let contents = try HTTPHeadParser.contents(of: line, in: bytes)
                guard !contents.isEmpty else {
                    head.length = end + 1
                    try finish(bytes)
                    return true
                }
                try parseField(bytes, contents, isPlain: isPlain)
            }
            lineStart = end + 1
            scanned = lineStart
        }
        scanned = bytes.count
        // The last byte may be the carriage return of the line's end, which the limit of the request line leaves out.
        if phase == .requestLine {
            try checkRequestLine(length: bytes.count - lineStart - 1)
        } else {
            try checkFields(end: bytes.count)
        }
        return false
    }

    /// Where the line ends, and whether it is known to have no control characters but its end; `nil`: it is incomplete.
    ///
    /// Nearly every line is so, and one search for any of them then finds the end and has judged the line as well.
    @inline(__always)  // once per line
    private func lineEnd(_ bytes: Span<UInt8>) -> (end: Int, isPlain: Bool)? {
        let control = bytes.controlCharacter(in: scanned..<bytes.count)
        if scanned == lineStart, control + 1 < bytes.count, bytes[control] == ASCII.carriageReturn,
            bytes[control + 1] == ASCII.lineFeed
        {
            return (control + 1, true)
        }
        return bytes.lineFeed(from: control).map { ($0, false) }
    }

    /// Passes over one empty line, which some clients send after a body (RFC 9112 §2.2), and looks at the first byte:
    /// a client that speaks another protocol may never send a line feed.
    private mutating func begin(_ bytes: Span<UInt8>) throws(HTTPViolation) -> Bool {
        guard bytes.count > 0 else { return false }
        if bytes[0] == ASCII.carriageReturn {
            guard bytes.count > 1 else { return false }
            guard bytes[1] == ASCII.lineFeed else { throw .bareCarriageReturn }
            lineStart = 2
            guard bytes.count > 2 else { return false }
        }
        guard bytes[lineStart] != ASCII.lineFeed else { throw .bareLineFeed }
        guard ASCII.isToken(bytes[lineStart]) else { throw .notHTTP }
        scanned = lineStart
        phase = .requestLine
        head.reset()  // not before: while a view still shares the table, clearing it would allocate another
        return true
    }

    private func checkRequestLine(length: Int) throws(HTTPViolation) {
        guard length <= limits.requestLineBytesMax else {
            throw .requestLineTooLong(max: limits.requestLineBytesMax)
        }
    }

    private func checkFields(end: Int) throws(HTTPViolation) {
        guard end - fieldsStart <= limits.headerBytesMax else { throw .headerTooLarge(max: limits.headerBytesMax) }
    }

    /// A line, given up to its line feed, without its carriage return.
    static func contents(of line: Range<Int>, in bytes: Span<UInt8>) throws(HTTPViolation) -> Range<Int> {
        guard !line.isEmpty, bytes[line.upperBound - 1] == ASCII.carriageReturn else { throw .bareLineFeed }
        return line.lowerBound..<line.upperBound - 1
    }
}
