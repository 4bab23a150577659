/// Eight bytes looked at together, the first in the lowest place.
///
/// After Mycroft's test for a zero byte (comp.lang.c, 1987): subtracting 1 from a byte borrows through its highest bit
/// only if the byte is zero, or if the byte below it borrowed. The lowest bit that a test sets is therefore always
/// right; those above it may not be, and nobody looks at them.
struct ByteWord {
    /// The bytes.
    let bits: UInt64

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var highs: UInt64 { 0x8080_8080_8080_8080 }

    /// Sets the highest bit of each byte that is not ASCII.
    var nonASCII: UInt64 { bits & ByteWord.highs }

    /// Sets the highest bit of each byte that is this one.
    func equal(to byte: UInt8) -> UInt64 {
        let difference = bits ^ ByteWord.ones &* UInt64(byte)  // at most 255 in each byte: nothing carries over
        return (difference &- ByteWord.ones) & ~difference & ByteWord.highs
    }

    /// Sets the highest bit of each byte below a limit of at most 128.
    func below(_ limit: UInt8) -> UInt64 {
        (bits &- ByteWord.ones &* UInt64(limit)) & ~bits & ByteWord.highs  // as above
    }
}

extension Span where Element == UInt8 {
    /// The offset of the first byte that a test finds, eight at a time; the end of the range if there is none.
    ///
    /// - Parameters:
    ///   - range: where to look.
    ///   - test: sets the highest bit of each byte that is found; only the lowest bit counts.
    /// - Returns: an offset in the range, or its end.
    /// - Complexity: O(n).
    @inline(__always)  // a test that is called as a closure costs more than eight bytes one by one
    func firstIndex(in range: Range<Int>, where test: (ByteWord) -> UInt64) -> Int {
        var index = range.lowerBound
        while index + 8 <= range.upperBound {
            // SAFETY: any eight bytes are an integer, and the span checks that they are its own.
            let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let found = test(ByteWord(bits: UInt64(littleEndian: bits)))
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        guard index < range.upperBound else { return index }
        // What a test finds in the zeros behind the last byte lies beyond the end, and so does nothing: 64 zeros.
        let found = test(ByteWord(bits: lastBits(in: index..<range.upperBound)))
        return Swift.min(index + found.trailingZeroBitCount / 8, range.upperBound)
    }

    /// One to seven bytes as a word, with zeros behind them.
    @inline(__always)  // a load and a shift, but at the very beginning of the bytes
    private func lastBits(in range: Range<Int>) -> UInt64 {
        guard range.upperBound < 8 else {
            // SAFETY: as in `firstIndex`.
            let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: range.upperBound - 8, as: UInt64.self)
            return UInt64(littleEndian: bits) >> UInt64(64 - 8 * range.count)
        }
        return range.reversed().reduce(0) { $0 << 8 | UInt64(self[$1]) }
    }
}
