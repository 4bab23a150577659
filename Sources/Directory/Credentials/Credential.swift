/// The text of an API key: what a caller sends and nobody stores.
///
/// ```
/// hg_live_7Q2M9X4C8H1V5T3ZKJ6RB0WNDYGPASEF 3K9QX0M      (without the space)
/// └──┬───┘└──────────────┬───────────────┘└───┬──┘
///  prefix      160 random bits, base 32    checksum of all before it
/// ```
///
/// The text never reaches a log by accident: descriptions and mirrors of the value show the prefix only.
package struct Credential: Hashable, Sendable {
    /// The 47 characters, to be shown once, to the person who asked for the key.
    package let text: String

    /// Which kind of tenant a key is issued to; the first characters say it, to people and to log scanners.
    package enum Environment: UInt8, CaseIterable, Sendable {
        /// A tenant whose traffic is real.
        case live
        /// A sandbox.
        case test

        /// The first eight characters of the keys.
        package var prefix: String { self == .live ? "hg_live_" : "hg_test_" }
    }

    /// Characters in the prefix.
    static let prefixCount = 8
    /// Random characters, five bits each: 160 bits, so that nobody guesses or meets one by chance.
    static let secretCount = 32
    /// Characters of the checksum: 32 bits need seven digits of five.
    static let checksumCount = 7
    /// Characters in all: 47; up to 55 fit one block of SHA-256.
    package static let length = prefixCount + secretCount + checksumCount

    /// Draws a new key.
    ///
    /// - Parameters:
    ///   - environment: where the key will be used.
    ///   - generator: the source of the 160 bits; outside of tests only `SystemRandomNumberGenerator` will do.
    package init(for environment: Environment, using generator: inout some RandomNumberGenerator) {
        var bytes = Array(environment.prefix.utf8)
        bytes += Crockford.random(count: Credential.secretCount, using: &generator)
        var checksum = Checksum()
        for byte in bytes { checksum.append(byte) }
        bytes += Crockford.digits(of: UInt64(checksum.value), count: Credential.checksumCount)
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Whether bytes have the shape and the checksum of a key; what has not is unknown, and nothing need be hashed.
    ///
    /// - Complexity: O(1), no allocation.
    package static func isWellFormed(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count == length, hasPrefix(bytes) else { return false }
        var checksum = Checksum()
        for index in 0..<prefixCount { checksum.append(bytes[index]) }
        for index in prefixCount..<prefixCount + secretCount {
            guard Crockford.contains(bytes[index]) else { return false }
            checksum.append(bytes[index])
        }
        let value = UInt64(checksum.value)
        for position in 0..<checksumCount {
            let digit = Crockford.character(of: value >> UInt64(5 * (checksumCount - 1 - position)))
            guard bytes[prefixCount + secretCount + position] == digit else { return false }
        }
        return true
    }

    private static func hasPrefix(_ bytes: Span<UInt8>) -> Bool {
        Environment.allCases.contains { environment in
            var index = 0
            for byte in environment.prefix.utf8 {
                guard bytes[index] == byte else { return false }
                index += 1
            }
            return true
        }
    }
}

extension Credential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The prefix and an ellipsis.
    package var description: String { text.prefix(Credential.prefixCount) + "…" }
    /// The prefix and an ellipsis.
    package var debugDescription: String { description }
    /// Nothing to see.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
