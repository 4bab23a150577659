/// CRC-32 as zip, PNG and most languages' standard libraries have it (ISO/IEC 13239: reflected, polynomial 0xEDB88320).
///
/// It is no protection against people. It lets a scanner of logs and repositories tell a key from noise without asking
/// anybody, and it turns every key with one wrong or two swapped characters away before anything is hashed.
struct Checksum {
    private var remainder: UInt32 = .max

    /// The remainder of each byte; computed once.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
    }

    /// Takes in one byte.
    mutating func append(_ byte: UInt8) {
        remainder = Checksum.table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ remainder >> 8
    }

    /// The checksum of everything so far.
    var value: UInt32 { ~remainder }
}
