/// Bytes that grow at their end, for answers that are put together from many small parts.
///
/// `ByteBuffer` would do as well, at a price: each of its writes finds out anew whether the storage is shared and asks
/// the runtime for access to it, some 250 instructions, and an answer of this server has about a hundred parts. Here a
/// part costs a tenth of that, and the whole is copied into a `ByteBuffer` once.
package struct ByteWriter: ~Copyable {
    /// What has been written.
    package private(set) var bytes: [UInt8] = []

    /// Begins with nothing.
    package init() {}

    /// The number of bytes written.
    package var count: Int { bytes.count }

    /// Appends one byte.
    package mutating func write(_ byte: UInt8) { bytes.append(byte) }

    /// Appends a text that is known at compile time.
    package mutating func write(literal text: StaticString) {
        // SAFETY: start and count are the literal's own, and literals never move.
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends the UTF-8 of a text.
    package mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Appends bytes.
    package mutating func write(_ span: Span<UInt8>) {
        // SAFETY: the pointer is used only inside the closure that lends it.
        unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends what another writer has.
    package mutating func write(_ other: borrowing ByteWriter) { bytes.append(contentsOf: other.bytes) }

    /// Appends a number in decimal digits.
    ///
    /// - Complexity: O(digits).
    package mutating func write(decimal number: Int64) {
        var digits = InlineArray<20, UInt8>(repeating: ASCII.zero)  // as many as the smallest Int64 has, with its sign
        var first = digits.count
        var rest = number.magnitude
        repeat {
            first -= 1
            digits[first] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 {
            first -= 1
            digits[first] = UInt8(ascii: "-")
        }
        write(digits.span.extracting(first..<digits.count))
    }

    /// Puts a number of seven bits per byte where one byte stands; what follows moves if the number needs more.
    ///
    /// - Complexity: O(1) below 128, else O(n) in what follows.
    mutating func replace(at index: Int, withVarint number: UInt64) {
        bytes[index] = UInt8(truncatingIfNeeded: number & 0x7F)
        var rest = number >> 7
        var position = index
        while rest > 0 {
            bytes[position] |= 0x80
            position += 1
            bytes.insert(UInt8(truncatingIfNeeded: rest & 0x7F), at: position)
            rest >>= 7
        }
    }

    /// Takes back everything behind the first so many bytes.
    ///
    /// - Precondition: there are that many.
    package mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }

    /// Takes back everything, and keeps the memory unless it is more than that.
    package mutating func clear(retainedBytesMax: Int) {
        bytes.removeAll(keepingCapacity: bytes.capacity <= retainedBytesMax)
    }
}
