/// The version of a policy: the SHA-256 digest of what it means, whatever way it is written.
package struct PolicyVersion: Hashable, Sendable {
    /// `sha256:` and 64 hexadecimal digits.
    package let description: String

    /// Formats a digest.
    ///
    /// - Precondition: `digest` has 32 bytes.
    package init(digest: some Sequence<UInt8>) {
        var text = "sha256:"
        for byte in digest {
            let hex = String(byte, radix: 16)
            text += hex.count == 1 ? "0" + hex : hex
        }
        precondition(text.utf8.count == 71, "a SHA-256 digest has 32 bytes (text is \(text))")
        description = text
    }

    /// The first twelve digits: enough for people to tell two versions apart.
    package var short: String { String(description.dropFirst(7).prefix(12)) }
}

extension PolicyVersion: CustomStringConvertible {}
