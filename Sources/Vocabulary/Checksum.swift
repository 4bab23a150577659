/// CRC-32 as zip, PNG and most languages' standard libraries have it (ISO/IEC 13239: reflected, polynomial 0xEDB88320).
///
/// It is no protection against people. It lets a scanner of logs and repositories tell a key from noise without asking
/// anybody, and it turns every key with one wrong or two swapped characters away before anything is hashed.
package enum Checksum {
    /// The remainder of each byte; computed once.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
    }

    /// The checksum of the first `count` bytes.
    ///
    /// - Complexity: O(count), no allocation.
    package static func value(of bytes: Span<UInt8>, count: Int) -> UInt32 {
        let table = table.span
        var remainder = UInt32.max
        for index in 0..<count {
            remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ bytes[index])] ^ remainder >> 8
        }
        return ~remainder
    }
}
