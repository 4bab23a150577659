internal import Vocabulary

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
        let checksum = Checksum.value(of: bytes.span, count: bytes.count)
        bytes += Crockford.digits(of: UInt64(checksum), count: Credential.checksumCount)
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Whether bytes have the shape and the checksum of a key; what has not is unknown, and nothing need be hashed.
    ///
    /// - Complexity: O(1), no allocation.
    package static func isWellFormed(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count == length, Environment.allCases.contains(where: { has(bytes, $0) }) else { return false }
        for index in prefixCount..<length where !Crockford.contains(bytes[index]) { return false }
        let checksum = UInt64(Checksum.value(of: bytes, count: length - checksumCount))
        for position in 0..<checksumCount {
            let digit = Crockford.character(of: checksum >> UInt64(5 * position))
            guard bytes[length - 1 - position] == digit else { return false }
        }
        return true
    }

    /// Whether bytes begin with the prefix of an environment.
    private static func has(_ bytes: Span<UInt8>, _ environment: Environment) -> Bool {
        let prefix = environment.prefix.utf8.span
        for index in prefix.indices where bytes[index] != prefix[index] { return false }
        return true
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
