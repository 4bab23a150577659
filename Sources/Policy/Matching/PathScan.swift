/// A request path, read once: each segment as the number of the literal it spells.
///
/// After this no byte of the path is looked at again; the walk through the trie compares integers.
struct PathScan {
    /// How many segments the path has; empty ones do not count.
    private(set) var count = 0
    /// The literal that each segment spells, -1 if none; only the first `count` mean anything.
    private(set) var literals = InlineArray<64, Int32>(repeating: -1)
    /// The literals that the last segment spells up to its first dot and up to its last dot, -1 if none.
    ///
    /// Two cuts are enough for the servers that route `exports.json` as `exports`: Rails cuts a format without dots, old
    /// Spring versions cut at any dot, and literals that hold dots themselves are versions at most.
    private(set) var stems: (Int32, Int32) = (-1, -1)

    /// Reads a raw request target.
    ///
    /// - Parameters:
    ///   - target: the request target as the client sent it.
    ///   - table: the literals of the policy.
    /// - Throws: why the path could be read differently by somebody else.
    /// - Complexity: O(bytes), no allocation.
    init(_ target: Span<UInt8>, literals table: LiteralTable) throws(PathProblem) {
        let bounds = try PathScan.bounds(of: target)
        var offset = bounds.lowerBound
        var segment = SegmentScan()
        while offset < bounds.upperBound {
            if target[offset] == UInt8(ascii: "/") {
                try close(&segment, table)
                offset += 1
            } else {
                try segment.append(try PercentDecoding.byte(of: target, at: &offset, end: bounds.upperBound))
            }
        }
        try close(&segment, table)
    }

    /// Whether a target is `*`, which stands for the server and not for a path (RFC 9112, §3.2.4).
    static func isAsterisk(_ target: Span<UInt8>) -> Bool { target.count == 1 && target[0] == UInt8(ascii: "*") }

    /// Ends a segment; an empty one is dropped, which merges `//` and removes a slash at the end.
    private mutating func close(_ segment: inout SegmentScan, _ table: LiteralTable) throws(PathProblem) {
        guard !segment.isEmpty else { return }
        try segment.finish()
        guard count < OperationMatcher.segmentsMax else { throw .tooManySegments }
        literals[count] = table.number(of: segment.text)
        stems = PathScan.stems(of: segment.text, table)
        count += 1
        segment.clear()
    }

    private static func stems(of text: borrowing FoldedText, _ table: LiteralTable) -> (Int32, Int32) {
        let dot = UInt8(ascii: ".")
        guard let first = text.firstIndex(of: dot, from: 1), let last = text.lastIndex(of: dot, from: 1) else {
            return (-1, -1)
        }
        let stem = table.number(of: text.prefix(first))
        return (stem, first == last ? stem : table.number(of: text.prefix(last)))
    }

    /// Where the path stands in a request target: without scheme and authority, up to the query.
    private static func bounds(of target: Span<UInt8>) throws(PathProblem) -> Range<Int> {
        let start = try authorityEnd(of: target)
        var end = start
        while end < target.count, target[end] != UInt8(ascii: "?") {
            end += 1
            guard end <= OperationMatcher.pathBytesMax else { throw .tooLong }
        }
        if end - start > 1, target[start + 1] == UInt8(ascii: "/") { throw .leadingDoubleSlash }
        return start..<end
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
