internal import Crypto

/// The secret under which a directory hashes its keys: 256 random bits.
///
/// Whoever copies the directory without the secret can check no guess. Nothing prints the bits: descriptions and
/// mirrors show the fingerprint only, and `fileText` exists for the one file that holds them.
package struct DirectorySecret: Sendable {
    /// The bits.
    let bytes: [UInt8]
    /// Makes the codes of keys.
    package let authenticator: CredentialAuthenticator

    /// Bytes in a secret: as many as SHA-256 gives, more would add nothing (RFC 2104 §3).
    static let byteCount = 32

    /// Draws a secret.
    ///
    /// - Parameter generator: the source of the bits; outside of tests only `SystemRandomNumberGenerator` will do.
    package init(using generator: inout some RandomNumberGenerator) {
        self.init(
            bytes: (0..<DirectorySecret.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// Reads what `fileText` wrote: 64 lower-case hexadecimal digits, with white space around; anything else is `nil`.
    package init?(fileText: String) {
        let digits = fileText.split { $0 == " " || $0 == "\t" || $0.isNewline }
        guard digits.count == 1, let bytes = Hexadecimal.bytes(digits[0]), bytes.count == DirectorySecret.byteCount
        else { return nil }
        self.init(bytes: bytes)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        authenticator = CredentialAuthenticator(key: SymmetricKey(data: bytes))
    }

    /// What the secret's file holds: 64 hexadecimal digits and a line break.
    var fileText: String { Hexadecimal.text(bytes) + "\n" }
}

extension DirectorySecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The fingerprint.
    package var description: String { "secret \(KeyHash.text(ofFingerprint: authenticator.fingerprint))" }
    /// The fingerprint.
    package var debugDescription: String { description }
    /// Nothing to see.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
