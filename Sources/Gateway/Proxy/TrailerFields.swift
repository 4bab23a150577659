internal import NIOCore

/// Which fields behind a body are passed on.
///
/// Some upstreams put them among those of the head. So what could not be said in the head is not said here either: who
/// somebody is, where the request comes from, what we have decided, and how the message is framed (RFC 9110 §6.5.1).
enum TrailerFields {
    /// Whose fields they are.
    enum Direction: Hashable {
        case request, answer
    }

    /// Chooses the lines that are passed on.
    ///
    /// - Parameters:
    ///   - lines: each `name: value` and with its end.
    ///   - direction: whose they are.
    /// - Returns: what is left; `nil` if nothing is.
    static func passedOn(_ lines: ByteBuffer, _ direction: Direction) -> ByteBuffer? {
        let bytes = lines.readableBytesUInt8Span
        var kept = ByteBuffer()
        var start = 0
        while let end = bytes.lineFeed(from: start) {
            let line = start..<end + 1
            start = end + 1
            let colon = bytes.firstIndex(in: line) { $0.equal(to: ASCII.colon) }
            guard colon < line.upperBound, isPassedOn(bytes, line.lowerBound..<colon, direction) else { continue }
            kept.write(bytes.extracting(line))
        }
        return kept.readableBytes > 0 ? kept : nil
    }

    private static func isPassedOn(_ bytes: Span<UInt8>, _ name: Range<Int>, _ direction: Direction) -> Bool {
        guard !HopByHop.contains(bytes, name), !HopByHop.isOurs(bytes, name) else { return false }
        let known = HTTPFieldName.recognise(bytes, name)
        switch direction {
        case .answer:
            return known != .contentLength && !ProxyStatus.isName(bytes, name) && !ProxyStatus.isReplayed(bytes, name)
        // Every field that is known says how to read the message, who sends it or what for.
        case .request: return known == nil && !HopByHop.isForwarded(bytes, name) && !HopByHop.isLookalike(bytes, name)
        }
    }
}
