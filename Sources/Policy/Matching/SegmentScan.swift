/// One segment of a path while its bytes go by: decodes UTF-8, folds case, and refuses what is read in two ways.
///
/// The same code reads requests and the literals of policies, so a policy cannot state what no request can match.
struct SegmentScan {
    /// The segment, decoded and folded.
    private(set) var text = FoldedText()
    /// How many bytes the segment has, decoded.
    private(set) var length = 0
    /// The last three bytes, decoded, the latest lowest; fewer at the start of a segment, filled with zeros.
    private var recent: UInt32 = 0
    /// The first three bytes, decoded, the first highest.
    private var head: UInt32 = 0
    /// Whether all bytes so far are dots.
    private var dotsOnly = true
    /// The scalar whose bytes are incomplete.
    private var scalar = ScalarAssembler()

    /// Whether all bytes so far are ASCII.
    private(set) var isASCII = true

    /// Whether nothing has been read: the empty segment between two slashes.
    var isEmpty: Bool { length == 0 }

    /// Gets ready for the next segment.
    mutating func clear() {
        text.clear()
        length = 0
        recent = 0
        head = 0
        dotsOnly = true
        isASCII = true
    }

    /// Takes the next byte of the segment.
    ///
    /// - Parameter byte: the byte, percent-decoded once.
    /// - Throws: why no segment may hold this byte here.
    mutating func append(_ byte: UInt8) throws(PathProblem) {
        switch byte {
        case 0x00..<0x20, 0x7F: throw .encodedControl
        case UInt8(ascii: "/"): throw .encodedSlash
        case UInt8(ascii: "\\"): throw .backslash
        case UInt8(ascii: ";"): throw .pathParameter
        case UInt8(ascii: "#"): throw .fragment
        case UInt8(ascii: "?"): throw .encodedQuery
        case 0x80...: try appendBeyondASCII(byte)
        default:
            guard scalar.isComplete else { throw .invalidUTF8 }
            guard !leavesEscape(byte) else { throw .doubleEncoding }
            text.append(byte)
        }
        if length < 3 { head |= UInt32(byte) << UInt32(16 - length * 8) }
        recent = recent << 8 & 0xFF_FFFF | UInt32(byte)
        dotsOnly = dotsOnly && byte == UInt8(ascii: ".")
        length += 1
    }

    /// Checks the segment as a whole, once all its bytes are there.
    func finish() throws(PathProblem) {
        guard scalar.isComplete else { throw .invalidUTF8 }
        guard !dotsOnly else { throw .dotSegment }
        let space = UInt32(UInt8(ascii: " "))
        guard head >> 16 != space, recent & 0xFF != space else { throw .paddedSegment }
        guard !looksLikeSession else { throw .sessionSegment }
    }

    /// `%` and two hexadecimal digits, or Microsoft's `%u`, in text that has already been decoded.
    private func leavesEscape(_ byte: UInt8) -> Bool {
        let percent = UInt32(UInt8(ascii: "%"))
        if recent & 0xFF == percent { return byte | 0x20 == UInt8(ascii: "u") }
        return recent >> 8 & 0xFF == percent && PercentDecoding.digit(byte) != nil
            && PercentDecoding.digit(UInt8(truncatingIfNeeded: recent)) != nil
    }

    /// An opening parenthesis, a letter, an opening parenthesis.
    private var looksLikeSession: Bool {
        let letter = UInt8(truncatingIfNeeded: head >> 8) | 0x20
        return head >> 16 == UInt32(UInt8(ascii: "(")) && head & 0xFF == UInt32(UInt8(ascii: "("))
            && letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
    }

    /// Literals are ASCII; a letter whose case folding is ASCII could still be taken for one, all others cannot.
    private mutating func appendBeyondASCII(_ byte: UInt8) throws(PathProblem) {
        isASCII = false
        guard let complete = try scalar.append(byte) else { return }
        guard complete > 0x9F else { throw .encodedControl }
        guard let folded = foldedIntoASCII(complete) else { return text.markOverflow() }
        text.append(folded.first)
        if let second = folded.second { text.append(second) }
        if let third = folded.third { text.append(third) }
    }
}
