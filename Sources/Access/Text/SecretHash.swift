internal import Crypto
internal import Vocabulary

/// SHA-256 of a secret text that was drawn, not chosen: what is kept of tokens, sessions and recovery codes.
///
/// The texts hold 80 bits or more, so no guess reaches them and a slow hash would buy nothing (decision 0008).
package struct SecretHash: Hashable, Sendable {
    private let bytes: [UInt8]

    private static let algorithm = "sha256:"
    private static let byteCount = 32

    /// Hashes a text.
    ///
    /// - Complexity: O(n).
    init(of text: some StringProtocol) { bytes = Array(SHA256.hash(data: Array(text.utf8))) }

    /// Reads `sha256:` and 43 characters of base 64; anything else is `nil`.
    package init?(_ text: String) {
        guard text.hasPrefix(SecretHash.algorithm),
            let bytes = BitText.base64.bytes(text.dropFirst(SecretHash.algorithm.count)),
            bytes.count == SecretHash.byteCount
        else { return nil }
        self.bytes = bytes
    }

    /// Twelve characters that name what the hash belongs to without giving it away: 60 bits of the hash.
    ///
    /// They help nobody guess: whoever could invert 60 bits of a hash of 256 random ones would still miss 196.
    var name: String {
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return String(decoding: Crockford.digits(of: number, count: 12), as: UTF8.self)
    }

    /// Compares all 256 bits in a time that does not depend on them.
    package static func == (left: SecretHash, right: SecretHash) -> Bool {
        ConstantTime.areEqual(left.bytes, right.bytes)
    }

    /// Feeds the first bytes, which are as even as any.
    package func hash(into hasher: inout Hasher) { for byte in bytes.prefix(8) { hasher.combine(byte) } }
}

extension SecretHash: CustomStringConvertible {
    /// The text form, to be stored.
    package var description: String { SecretHash.algorithm + BitText.base64.text(bytes) }
}
