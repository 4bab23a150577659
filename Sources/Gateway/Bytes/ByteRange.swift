/// A run of bytes inside one buffer: eight bytes instead of the sixteen of a `Range<Int>`.
///
/// The tables that the parsers fill hold thousands of them; what they point into is bounded far below 4 GiB.
package struct ByteRange: Hashable, Sendable {
    /// The offset of the first byte.
    package var start: UInt32
    /// The number of bytes.
    package var count: UInt32

    /// No bytes, at the beginning.
    package static let empty = ByteRange(0..<0)

    /// Narrows a range of offsets.
    ///
    /// - Precondition: both ends fit into 32 bits.
    package init(_ range: Range<Int>) {
        start = UInt32(range.lowerBound)
        count = UInt32(range.count)
    }

    /// The offsets as the standard library wants them.
    package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    /// Whether the run holds no byte.
    package var isEmpty: Bool { count == 0 }
}
