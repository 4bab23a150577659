/// Writing heads.
///
/// Nothing is remembered and nothing is coded: what we send with every call is a few bytes that are known at compile
/// time, and a connection that has no state to keep cannot get it wrong.
extension ByteWriter {
    /// Writes `:status`.
    mutating func hpack(status: Int) {
        switch status {  // RFC 7541 §6.1 where the whole field is an entry
        case 200: write(0x80 | 8)
        case 204: write(0x80 | 9)
        case 400: write(0x80 | 12)
        case 404: write(0x80 | 13)
        case 500: write(0x80 | 14)
        default:
            write(8)  // §6.2.2, with the name of entry 8
            write(3)
            write(decimal: Int64(status))
        }
    }

    /// Writes a field that nobody remembers (RFC 7541 §6.2.2).
    mutating func hpack(_ name: StaticString, _ value: Span<UInt8>) {
        write(0)
        hpack(length: name.utf8CodeUnitCount)
        write(literal: name)
        hpack(length: value.count)
        write(value)
    }

    /// Writes a field that nobody remembers, with the letters of its name in lower case.
    mutating func hpack(lowercasing name: Span<UInt8>, _ value: Span<UInt8>) {
        write(0)
        hpack(length: name.count)
        for index in 0..<name.count {
            write((0x41...0x5A).contains(name[index]) ? name[index] | 0x20 : name[index])
        }
        hpack(length: value.count)
        write(value)
    }

    /// Writes a length in front of a text that is not coded (RFC 7541 §5.1).
    private mutating func hpack(length: Int) {
        guard length >= 0x7F else { return write(UInt8(length)) }
        write(0x7F)
        var rest = length - 0x7F
        while rest >= 0x80 {
            write(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        write(UInt8(rest))
    }
}
