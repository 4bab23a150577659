/// Reads the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), field by field.
///
/// A message is a run of bytes that the reader does not own: what it finds are ranges of them, so nothing is copied.
/// Fields may come in any order; of a single field that stands twice the last one counts, which is its caller's
/// business; fields that nobody asks for are skipped.
struct ProtobufReader {
    /// Where the next field begins.
    private(set) var position: Int
    /// Where the message ends.
    let end: Int

    /// The message is not in the wire format.
    struct Malformed: Error {}

    /// One field as it stands on the wire.
    struct Field {
        /// Its number in the message's definition.
        let number: UInt32
        /// Its content.
        let content: Content
    }

    /// What a field holds.
    enum Content {
        /// A number, a Boolean or an enumeration.
        case varint(UInt64)
        /// Eight bytes.
        case fixed64(UInt64)
        /// Text, bytes, a message or packed numbers: where they stand.
        case bytes(Range<Int>)
        /// Four bytes.
        case fixed32(UInt32)
    }

    /// Begins with the message that stands in a range.
    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    /// Reads the next field; `nil` at the end.
    ///
    /// No message that we read has a group, so a group is a field that nobody knows, whatever its number: it is passed
    /// over with all that is in it.
    ///
    /// - Complexity: O(1) without groups, else O(bytes of the groups passed over); no allocation.
    mutating func next(_ bytes: Span<UInt8>) throws(Malformed) -> Field? {
        while position < end {
            let (number, kind) = try tag(bytes)
            guard kind == ProtobufReader.groupStart else {
                return Field(number: number, content: try content(kind, bytes))
            }
            try skipGroup(number, bytes)
        }
        return nil
    }

    /// The wire type that begins a group.
    private static let groupStart: UInt64 = 3
    /// The wire type that ends the group of the same number.
    private static let groupEnd: UInt64 = 4

    /// Passes over a group whose first tag has been read.
    ///
    /// Groups in groups are taken up to a depth of 100, where the C++ and Java implementations of Protocol Buffers stop
    /// as well.
    @inline(never)  // rare
    private mutating func skipGroup(_ number: UInt32, _ bytes: Span<UInt8>) throws(Malformed) {
        var open = InlineArray<100, UInt32>(repeating: number)
        var depth = 1
        while depth > 0 {
            guard position < end else { throw Malformed() }
            let (number, kind) = try tag(bytes)
            switch kind {
            case ProtobufReader.groupStart:
                guard depth < open.count else { throw Malformed() }
                open[depth] = number
                depth += 1
            case ProtobufReader.groupEnd:
                guard open[depth - 1] == number else { throw Malformed() }
                depth -= 1
            default: _ = try content(kind, bytes)
            }
        }
    }

    @inline(__always)  // twice, and only one of them often
    private mutating func tag(_ bytes: Span<UInt8>) throws(Malformed) -> (number: UInt32, kind: UInt64) {
        let tag = try varint(bytes)
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw Malformed() }
        return (UInt32(truncatingIfNeeded: tag >> 3), tag & 7)
    }

    @inline(__always)  // as above
    private mutating func content(_ kind: UInt64, _ bytes: Span<UInt8>) throws(Malformed) -> Content {
        switch kind {
        case 0: return .varint(try varint(bytes))
        case 1: return .fixed64(try fixed(bytes, count: 8))
        case 2:
            let length = try varint(bytes)
            guard length <= UInt64(end - position) else { throw Malformed() }
            let range = position..<position + Int(length)
            position = range.upperBound
            return .bytes(range)
        case 5: return .fixed32(UInt32(truncatingIfNeeded: try fixed(bytes, count: 4)))
        default: throw Malformed()
        }
    }

    private mutating func varint(_ bytes: Span<UInt8>) throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end, shift < 70 {
            let byte = bytes[position]
            position += 1
            // The tenth byte has room for one bit; what more it holds is cut off, as all implementations do.
            value |= shift < 64 ? UInt64(byte & 0x7F) << shift : 0
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Malformed()
    }

    private mutating func fixed(_ bytes: Span<UInt8>, count: Int) throws(Malformed) -> UInt64 {
        guard end - position >= count else { throw Malformed() }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(index * 8) }
        position += count
        return value
    }
}
