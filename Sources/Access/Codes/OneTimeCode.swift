internal import Crypto
internal import Vocabulary

/// One-time passwords by counter (RFC 4226) and by time (RFC 6238).
enum OneTimeCode {
    /// The hash functions of RFC 6238; apps understand the first, the others are there to be held against its vectors.
    enum Algorithm: CaseIterable, Sendable {
        /// What all authenticator apps use. Its collisions do not matter here: HMAC does not rest on there being none.
        case sha1
        /// SHA-256.
        case sha256
        /// SHA-512.
        case sha512
    }

    /// Seconds in a step: what apps assume.
    static let stepSeconds: Int64 = 30
    /// Digits of a code: likewise.
    static let digitCount = 6

    /// The step of a moment: 30 seconds since 1970, counted.
    static func step(at now: WallTime) -> Int64 { now.milliseconds.flooredQuotient(stepSeconds * 1_000) }

    /// The code of a counter, with leading zeros (RFC 4226 §5.3).
    ///
    /// - Precondition: 1 to 9 digits, more than 31 bits do not give.
    static func code(
        secret: [UInt8], counter: UInt64, digits: Int = digitCount, algorithm: Algorithm = .sha1
    ) -> String {
        precondition(1...9 ~= digits, "a code has 1 to 9 digits (has \(digits))")
        let message = (0..<8).map { UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * $0)) }
        let hash = authenticate(message, secret: SymmetricKey(data: secret), algorithm: algorithm)
        let offset = Int(hash[hash.count - 1] & 0xF)
        let bits = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let number = String(bits % modulus)
        return String(repeating: "0", count: digits - number.utf8.count) + number
    }

    private static func authenticate(_ message: [UInt8], secret: SymmetricKey, algorithm: Algorithm) -> [UInt8] {
        switch algorithm {
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: secret))
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: secret))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: message, using: secret))
        }
    }
}
