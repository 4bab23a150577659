internal import Crypto

/// What names a key in a note: a name that people choose, and four bytes that follow from name and key.
package struct NoteKeyID: Hashable, Sendable {
    /// The name, by custom a URL without its scheme.
    package let name: String
    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ kind of signature ‖ public key), as a number.
    package let hash: UInt32

    /// The kind of signature: Ed25519 over the text (c2sp.org/signed-note).
    static let ed25519: UInt8 = 0x01

    /// Names a key as a signature line does, without knowing it.
    init(name: String, hash: UInt32) {
        self.name = name
        self.hash = hash
    }

    /// Names an Ed25519 key.
    init(name: String, publicKey: [UInt8]) {
        let digest = SHA256.hash(data: Array(name.utf8) + [0x0A, NoteKeyID.ed25519] + publicKey)
        self.init(name: name, hash: NoteKeyID.number(digest.prefix(4)))
    }

    /// Four bytes as a number, the highest first.
    static func number(_ bytes: some Sequence<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    /// The four bytes.
    var hashBytes: [UInt8] { stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: hash >> $0) } }

    /// Whether a text may name a key: not empty, and without spaces, plus signs and controls.
    package static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && $0 != "+" && $0.properties.generalCategory != .control
            }
    }

    /// Reads `name+hash+base64(kind ‖ key)`, and holds the hash against the public key, which `publicKey` makes of the
    /// bytes.
    static func read(
        _ text: Substring, what: String, publicKey: ([UInt8]) -> [UInt8]?
    ) throws(LedgerError) -> (id: NoteKeyID, key: [UInt8]) {
        // Base 64 has plus signs of its own: only the first two part anything.
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, NoteKeyID.isName(parts[0]), parts[1].utf8.count == 8 else {
            throw LedgerError(
                .malformed, "a \(what) is written name+hash+key, with a hash of eight hexadecimal digits")
        }
        guard let bytes = Base64.bytes(parts[2]), let kind = bytes.first else {
            throw LedgerError(.malformed, "the \(what) of \(parts[0]) does not end in base 64")
        }
        guard kind == ed25519 else {
            throw LedgerError(
                .malformed, "the \(what) of \(parts[0]) is of kind \(kind); only Ed25519, kind 1, is known")
        }
        let key = Array(bytes.dropFirst())
        guard key.count == 32, let publicKey = publicKey(key) else {
            throw LedgerError(.malformed, "the \(what) of \(parts[0]) is no Ed25519 key of 32 bytes")
        }
        let id = NoteKeyID(name: String(parts[0]), publicKey: publicKey)
        guard Hexadecimal.text(id.hashBytes) == parts[1] else {
            throw LedgerError(
                .malformed,
                "the \(what) of \(parts[0]) says hash \(parts[1]), but its key has \(Hexadecimal.text(id.hashBytes)); "
                    + "copy it again")
        }
        return (id, key)
    }
}

extension NoteKeyID: CustomStringConvertible {
    /// The name and the hash, as in a verifier's text.
    package var description: String { "\(name)+\(Hexadecimal.text(hashBytes))" }
}
