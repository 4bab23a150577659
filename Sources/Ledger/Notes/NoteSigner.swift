internal import Crypto

/// A private key that signs notes.
package struct NoteSigner: Sendable {
    /// The key for those who check.
    package let verifier: NoteVerifier
    private let key: Curve25519.Signing.PrivateKey

    /// What the text of a private key begins with.
    private static let mark = "PRIVATE+KEY+"

    /// Makes a new key.
    ///
    /// - Throws: `malformed` when the name may not name a key.
    package init(name: String) throws(LedgerError) {
        guard NoteKeyID.isName(name) else {
            throw LedgerError(.malformed, "'\(name)' cannot name a key: spaces and plus signs are not allowed")
        }
        self.init(name: name, key: Curve25519.Signing.PrivateKey())
    }

    /// Reads `PRIVATE+KEY+name+hash+base64(1 ‖ seed)`.
    ///
    /// - Throws: `malformed`, with what is wrong.
    package init(text: String) throws(LedgerError) {
        guard text.hasPrefix(NoteSigner.mark) else {
            throw LedgerError(.malformed, "a signing key begins with \(NoteSigner.mark)")
        }
        let found = try NoteKeyID.read(text.dropFirst(NoteSigner.mark.count), what: "signing key") { seed in
            (try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)).map { Array($0.publicKey.rawRepresentation) }
        }
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: found.key) else {
            throw LedgerError(.malformed, "the signing key of \(found.id.name) is no Ed25519 key")
        }
        self.init(name: found.id.name, key: key)
    }

    private init(name: String, key: Curve25519.Signing.PrivateKey) {
        self.key = key
        verifier = NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation))
    }

    /// The key as text; whoever has it can sign.
    package var text: String {
        "\(NoteSigner.mark)\(verifier.id)+" + Base64.text([NoteKeyID.ed25519] + key.rawRepresentation)
    }

    /// A note with this key's signature; the text ends in a newline, and has no other control.
    ///
    /// - Throws: `unavailable` when the system has no chance to give.
    package func sign(_ text: String) throws(LedgerError) -> SignedNote {
        precondition(text.hasSuffix("\n") && SignedNote.isPlain(text), "a note's text is lines without controls")
        do {
            let signature = Array(try key.signature(for: Array(text.utf8)))
            return SignedNote(text: text, signatures: [NoteSignature(key: verifier.id, bytes: signature)])
        } catch {
            throw LedgerError(.unavailable, "the checkpoint cannot be signed", cause: "\(error)")
        }
    }
}
