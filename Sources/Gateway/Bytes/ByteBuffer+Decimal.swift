internal import NIOCore

extension ByteBuffer {
    /// Appends a number in decimal digits.
    ///
    /// - Complexity: O(digits), no allocation beyond the buffer's own growth.
    mutating func writeDecimal(_ number: Int64) {
        if 0..<10 ~= number {
            writeInteger(UInt8(truncatingIfNeeded: number) + ASCII.zero)
            return
        }
        var digits = InlineArray<20, UInt8>(repeating: ASCII.zero)  // as many as the smallest Int64 has, with its sign
        var first = digits.count
        var rest = number.magnitude
        while rest > 0 {
            first -= 1
            digits[first] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        if number < 0 {
            first -= 1
            digits[first] = UInt8(ascii: "-")
        }
        writeSpan(digits.span.extracting(first..<digits.count))
    }
}
