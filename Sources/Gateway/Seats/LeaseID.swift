internal import Vocabulary

/// The name of a lease: 128 random bits, so that nobody finds one by trying.
struct LeaseID: Hashable, Sendable {
    /// The bits.
    let bits: UInt128

    /// Draws a new name; outside of tests only `SystemRandomNumberGenerator` will do.
    static func random(using generator: inout some RandomNumberGenerator) -> LeaseID {
        LeaseID(bits: UInt128(generator.next()) << 64 | UInt128(generator.next()))
    }

    /// Wraps bits.
    init(bits: UInt128) { self.bits = bits }

    /// Reads 32 hexadecimal digits; `nil` for anything else.
    init?(_ text: Span<UInt8>) {
        guard text.count == LeaseID.digitCount else { return nil }
        var bits: UInt128 = 0
        for index in text.indices {
            guard let digit = LeaseID.digit(text[index]) else { return nil }
            bits = bits << 4 | UInt128(digit)
        }
        self.bits = bits
    }

    private static let digitCount = 32

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// The digits.
    var text: String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: LeaseID.digitCount - digits.count) + digits
    }
}
