internal import Crypto

/// A public key that checks signatures of notes.
package struct NoteVerifier: Hashable, Sendable {
    /// How signature lines name it.
    package let id: NoteKeyID
    private let publicKey: [UInt8]

    /// Wraps a public key, which is one.
    init(name: String, publicKey: [UInt8]) {
        id = NoteKeyID(name: name, publicKey: publicKey)
        self.publicKey = publicKey
    }

    /// Reads `name+hash+base64(1 ‖ public key)`.
    ///
    /// - Throws: `malformed`, with what is wrong.
    package init(_ text: String) throws(LedgerError) {
        let found = try NoteKeyID.read(text[...], what: "verifier key") { bytes in
            (try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)).map { _ in bytes }
        }
        self.init(name: found.id.name, publicKey: found.key)
    }

    /// The key as text.
    package var text: String { "\(id)+" + Base64.text([NoteKeyID.ed25519] + publicKey) }

    /// Whether a signature is this key's, of a text.
    func accepts(_ signature: [UInt8], of text: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: text)
    }
}
