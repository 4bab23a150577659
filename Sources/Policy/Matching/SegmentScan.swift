/// One segment of a path while its bytes go by: decodes UTF-8, folds case, and refuses what is read in two ways.
///
/// The same code reads requests and the literals of policies, so a policy cannot state what no request can match.
struct SegmentScan {
    /// How many bytes the segment has, decoded.
    private(set) var length = 0
    /// Whether all bytes so far are ASCII.
    private(set) var isASCII = true
    /// Whether all bytes so far are dots.
    private var isDotsOnly = true
    /// The first three bytes, decoded, the first highest; 0 for a shorter segment.
    private var head: UInt64 = 0
    /// The last eight bytes, decoded, the last lowest; zeros where there are none.
    private var recent: UInt64 = 0
    /// The scalar whose bytes are incomplete.
    private var scalar = ScalarAssembler()

    /// Takes the next byte of the segment.
    ///
    /// - Parameters:
    ///   - byte: the byte, percent-decoded once.
    ///   - text: where the segment is collected, folded.
    /// - Throws: why no segment may hold this byte here.
    mutating func append(_ byte: UInt8, to text: inout FoldedText) throws(PathProblem) {
        switch byte {
        case 0x00..<0x20, 0x7F: throw .encodedControl
        case UInt8(ascii: "/"): throw .encodedSlash
        case UInt8(ascii: "\\"): throw .backslash
        case UInt8(ascii: ";"): throw .pathParameter
        case UInt8(ascii: "#"): throw .fragment
        case UInt8(ascii: "?"): throw .encodedQuery
        case 0x80...: try appendBeyondASCII(byte, to: &text)
        default:
            guard scalar.isComplete else { throw .invalidUTF8 }
            guard !leavesEscape(byte) else { throw .doubleEncoding }
            text.append(byte)
        }
        recent = recent << 8 | UInt64(byte)
        length += 1
        if length == 3 { head = recent }
        if byte != UInt8(ascii: ".") { isDotsOnly = false }
    }

    /// Checks the segment as a whole, once all its bytes are there.
    ///
    /// - Precondition: the segment has at least one byte.
    func check() throws(PathProblem) {
        guard scalar.isComplete else { throw .invalidUTF8 }
        guard !isDotsOnly else { throw .dotSegment }
        let first = length < 3 ? recent >> UInt64(8 * (length - 1)) : head >> 16
        let space = UInt64(UInt8(ascii: " "))
        guard first != space, recent & 0xFF != space else { throw .paddedSegment }
        guard !looksLikeSession else { throw .sessionSegment }
    }

    /// `%` and two hexadecimal digits, or Microsoft's `%u`, in text that has already been decoded.
    private func leavesEscape(_ byte: UInt8) -> Bool {
        let percent = UInt64(UInt8(ascii: "%"))
        if recent & 0xFF == percent { return byte | 0x20 == UInt8(ascii: "u") }
        return recent >> 8 & 0xFF == percent && PercentDecoding.digit(byte) != nil
            && PercentDecoding.digit(UInt8(truncatingIfNeeded: recent)) != nil
    }

    /// An opening parenthesis, a letter, an opening parenthesis.
    private var looksLikeSession: Bool {
        let parenthesis = UInt64(UInt8(ascii: "("))
        let letter = UInt8(truncatingIfNeeded: head >> 8) | 0x20
        return head >> 16 == parenthesis && head & 0xFF == parenthesis
            && letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
    }

    /// Literals are ASCII; a letter whose case folding is ASCII could still be taken for one, all others cannot.
    private mutating func appendBeyondASCII(_ byte: UInt8, to text: inout FoldedText) throws(PathProblem) {
        isASCII = false
        guard let complete = try scalar.append(byte) else { return }
        guard complete > 0x9F else { throw .encodedControl }
        guard let folded = foldedIntoASCII(complete) else { return text.markUnequal() }
        text.append(folded.first)
        if let second = folded.second { text.append(second) }
        if let third = folded.third { text.append(third) }
    }
}
