/// Writes the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding).
extension ByteWriter {
    /// Writes a number, seven bits per byte.
    @inline(__always)  // tags, and most lengths, are a comparison and a store
    mutating func write(varint number: UInt64) {
        if number < 0x80 { write(UInt8(truncatingIfNeeded: number)) } else { write(longVarint: number) }
    }

    @inline(never)  // rare
    private mutating func write(longVarint number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            write(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        write(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a field that holds a number, a Boolean or an enumeration; zero is what a missing field means.
    mutating func field(_ number: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        write(varint: number << 3)
        write(varint: value)
    }

    /// Writes a field that holds a text, also an empty one.
    mutating func field(_ number: UInt64, _ text: String) {
        write(varint: number << 3 | 2)
        write(varint: UInt64(text.utf8.count))
        write(text)
    }

    /// Writes a field that holds a text that is known at compile time.
    mutating func field(_ number: UInt64, literal text: StaticString) {
        write(varint: number << 3 | 2)
        write(varint: UInt64(text.utf8CodeUnitCount))
        write(literal: text)
    }

    /// Writes a field that holds bytes.
    mutating func field(_ number: UInt64, bytes other: borrowing ByteWriter) {
        write(varint: number << 3 | 2)
        write(varint: UInt64(other.count))
        write(other)
    }

    /// Writes a field that holds a double.
    mutating func field(_ number: UInt64, _ value: Double) {
        write(varint: number << 3 | 1)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            write(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
        }
    }

    /// Writes a field that holds a message, which the closure writes.
    ///
    /// The length stands in front of what it measures: room for one byte of it is left, and what follows moves where it
    /// needs more.
    ///
    /// - Complexity: O(n) in the message.
    mutating func field(_ number: UInt64, message body: (inout ByteWriter) -> Void) {
        write(varint: number << 3 | 2)
        let start = count
        write(0)
        body(&self)
        replace(at: start, withVarint: UInt64(count - start - 1))
    }
}
