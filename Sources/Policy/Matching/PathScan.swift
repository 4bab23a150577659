/// A request path, read once: each segment as the number of the literal it spells.
///
/// After this no byte of the path is looked at again; the walk through the trie compares integers.
struct PathScan: ~Copyable {
    /// How many segments the path has; empty ones do not count.
    private(set) var count = 0
    /// The literal that each segment spells, -1 if none; only the first `count` mean anything.
    ///
    /// As long as `OperationMatcher.segmentsMax` allows paths to be.
    private(set) var literals = InlineArray<64, Int32>(repeating: -1)
    /// The literals that the last segment spells up to its first dot and up to its last dot, -1 if none.
    ///
    /// Two cuts are enough for the servers that route `exports.json` as `exports`: Rails cuts a format without dots,
    /// old Spring versions cut at any dot, and literals that hold dots themselves are versions at most. What stands
    /// behind the dot is not looked at: an extension may be long, and need not be ASCII.
    private(set) var stems: (Int32, Int32) = (-1, -1)

    /// Reads a raw request target.
    ///
    /// - Parameters:
    ///   - target: the request target as the client sent it.
    ///   - table: the literals of the policy.
    /// - Throws: why the path could be read differently by somebody else.
    /// - Complexity: O(bytes), no allocation.
    init(_ target: Span<UInt8>, literals table: borrowing LiteralTable) throws(PathProblem) {
        var offset = try PathScan.start(of: target)
        let end = min(target.count, OperationMatcher.pathBytesMax + 1)
        var text = FoldedText()
        while true {
            // Empty segments do not count: this merges `//` and removes a slash at the end.
            while offset < end, target[offset] == UInt8(ascii: "/") { offset += 1 }
            if PathScan.isPathEnd(target, offset, end) { break }
            guard count < OperationMatcher.segmentsMax else { throw .tooManySegments }
            try PathScan.readSegment(of: target, at: &offset, end: end, into: &text)
            if let length = text.length {
                literals[count] = table.number(of: text.bytes.span.extracting(first: length))
            }
            count += 1
        }
        guard offset <= OperationMatcher.pathBytesMax else { throw .tooLong }
        stems = PathScan.stems(of: text.bytes.span.extracting(first: text.prefixLength), table)
        if text.hasDotBehind { stems.1 = -1 }
    }

    /// Whether the path ends here, by its length or by a query.
    private static func isPathEnd(_ target: Span<UInt8>, _ offset: Int, _ end: Int) -> Bool {
        offset == end || target[offset] == UInt8(ascii: "?")
    }

    /// Reads up to the next slash, or to the end of the path.
    private static func readSegment(
        of target: Span<UInt8>, at offset: inout Int, end: Int, into text: inout FoldedText
    ) throws(PathProblem) {
        let start = offset
        text.clear()
        while offset < end, isPlain(target[offset]) {
            text.append(target[offset])
            offset += 1
        }
        if isPathEnd(target, offset, end) || target[offset] == UInt8(ascii: "/") { return }
        offset = start
        text.clear()
        var segment = SegmentScan()
        while !isPathEnd(target, offset, end), target[offset] != UInt8(ascii: "/") {
            try segment.append(try PercentDecoding.byte(of: target, at: &offset, end: end), to: &text)
        }
        try segment.check()
    }

    /// Bytes that mean themselves wherever they stand: a segment of these, as most are, has nothing to check.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The literals before the first and the last dot of a segment; a dot at its start does not count.
    private static func stems(of text: Span<UInt8>, _ table: borrowing LiteralTable) -> (Int32, Int32) {
        var stems: (Int32, Int32) = (-1, -1)
        var last = 0
        for index in text.indices where index > 0 && text[index] == UInt8(ascii: ".") {
            if last == 0 { stems.0 = table.number(of: text.extracting(first: index)) }
            last = index
        }
        if last > 0 { stems.1 = table.number(of: text.extracting(first: last)) }
        return stems
    }

    /// Whether a target is `*`, which stands for the server and not for a path (RFC 9112, §3.2.4).
    static func isAsterisk(_ target: Span<UInt8>) -> Bool { target.count == 1 && target[0] == UInt8(ascii: "*") }

    /// Where the path begins in a request target.
    private static func start(of target: Span<UInt8>) throws(PathProblem) -> Int {
        let start = try authorityEnd(of: target)
        if start + 1 < target.count, target[start] == UInt8(ascii: "/"), target[start + 1] == UInt8(ascii: "/") {
            throw .leadingDoubleSlash
        }
        return start
    }

    /// Where the authority of an absolute-form target ends (RFC 9112, §3.2.2); 0 for a target that begins with `/`.
    ///
    /// The authority must be plain, a name or an address and a port: user information, escapes and backslashes are
    /// what URL parsers disagree on.
    private static func authorityEnd(of target: Span<UInt8>) throws(PathProblem) -> Int {
        guard target.count > 0 else { throw .notAPath }
        if target[0] == UInt8(ascii: "/") { return 0 }
        let start = schemeLength(of: target)
        guard start > 0 else { throw .notAPath }
        var end = start
        while end < target.count, isPlainAuthority(target[end]) {
            end += 1
            guard end <= OperationMatcher.pathBytesMax else { throw .tooLong }
        }
        guard end > start else { throw .notAPath }
        guard end == target.count || target[end] == UInt8(ascii: "/") || target[end] == UInt8(ascii: "?") else {
            throw .notAPath
        }
        return end
    }

    /// The length of `http://` or `https://` in any case; 0 if the target begins otherwise.
    private static func schemeLength(of target: Span<UInt8>) -> Int {
        hasPrefix(target, "http://") ? 7 : hasPrefix(target, "https://") ? 8 : 0
    }

    private static func hasPrefix(_ target: Span<UInt8>, _ prefix: String) -> Bool {
        guard target.count >= prefix.utf8.count else { return false }
        var index = 0
        for byte in prefix.utf8 {
            guard target[index].lowercasedASCII == byte else { return false }
            index += 1
        }
        return true
    }

    private static func isPlainAuthority(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
