/// Reads a JSON text by pulling values out of it, one after the other, strictly after RFC 8259.
///
/// What is refused: invalid UTF-8, unpaired surrogates, members with the same name, anything after the value, and what
/// exceeds a bound. The reader says what it expects; there are no intermediate values. Strings are returned as ranges
/// of `bytes`: a string with escapes is decoded in its own place, because the decoded form is never the longer one. The
/// memory is reused from text to text, so that in the steady state nothing is allocated.
///
/// Objects and arrays are read in loops:
///
///     try scanner.beginObject()
///     while let name = try scanner.nextMember() { … }
package struct JSONScanner: Sendable {
    /// The text; the strings that have been read stand decoded in it.
    package internal(set) var bytes: [UInt8] = []
    /// Where the next token, or the white space before it, begins.
    var offset = 0
    /// The containers that are open, outermost first.
    var frames: [Frame] = []
    /// The names of the members of all open objects so far.
    var names: [ByteRange] = []
    /// The bounds.
    let limits: Limits

    /// An open container.
    struct Frame {
        /// Whether it is an object.
        let isObject: Bool
        /// Where its names begin in `names`.
        let firstName: Int
        /// Members or elements so far.
        var count = 0
        /// Whether one of them is being read.
        var isInside = false
    }

    /// What bounds a text, besides its length.
    package struct Limits: Hashable, Sendable {
        /// Containers inside one another.
        ///
        /// 32: our deepest message has four; what is deeper wants to exhaust a stack.
        package var depthMax = 32
        /// Members of one object; each is compared with those before it, so this bounds the work.
        ///
        /// 64: our largest object, the attributes of a call, has a handful.
        package var membersMax = 64

        /// States the defaults.
        package init() {}
    }

    /// Makes a scanner without a text.
    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Begins to read a text.
    ///
    /// Ranges of the text before it become invalid.
    /// - Complexity: O(n): the bytes are copied.
    package mutating func load(_ text: Span<UInt8>) {
        bytes.removeAll(keepingCapacity: true)
        bytes.reserveCapacity(text.count)
        // SAFETY: the pointer is used only inside the closure that lends it.
        unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        offset = 0
        frames.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
    }

    /// Lends the bytes of a string.
    package func withBytes<Result, Failure: Error>(
        _ range: ByteRange, _ read: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try text.withBytes(range, read)
    }

    /// A string as text.
    package func string(_ range: ByteRange) -> String { text.string(range) }

    /// The text, to be looked at apart from what reads it.
    var text: JSONText { JSONText(bytes: bytes) }

    /// Says what kind of value comes next.
    package mutating func peek() throws(JSONError) -> JSONKind {
        skipBlanks()
        guard offset < bytes.count else { throw syntax("the text ends where a value should begin") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case ASCII.quote: return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw syntax("no value begins like this")
        }
    }

    /// Demands that nothing but white space is left.
    package mutating func end() throws(JSONError) {
        skipBlanks()
        guard offset == bytes.count else { throw syntax("something stands after the value") }
    }

    /// Reads `null` if it comes next; says whether it did.
    package mutating func readNull() throws(JSONError) -> Bool {
        guard try peek() == .null else { return false }
        try readWord("null")
        return true
    }

    /// Reads a boolean.
    package mutating func readBoolean() throws(JSONError) -> Bool {
        try expect(.boolean)
        let isTrue = bytes[offset] == UInt8(ascii: "t")
        try readWord(isTrue ? "true" : "false")
        return isTrue
    }

    /// Passes over white space (RFC 8259 §2).
    mutating func skipBlanks() {
        while offset < bytes.count, JSONScanner.isBlank(bytes[offset]) { offset += 1 }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == ASCII.lineFeed || byte == ASCII.carriageReturn || byte == ASCII.tab
    }

    /// Demands a kind of value.
    mutating func expect(_ kind: JSONKind) throws(JSONError) {
        let found = try peek()
        guard found == kind else { throw invalid("must be \(kind.noun), found \(found.noun)") }
    }

    private mutating func readWord(_ word: StaticString) throws(JSONError) {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes.span.equals(offset..<end, word) else {
            throw syntax("no value begins like this")
        }
        offset = end
    }
}
