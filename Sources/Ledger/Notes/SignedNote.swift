/// One signature under a note.
package struct NoteSignature: Hashable, Sendable {
    /// The key that it says to be of.
    package let key: NoteKeyID
    /// The signature itself; 64 bytes of Ed25519, or whatever another kind of key makes.
    package let bytes: [UInt8]
}

/// A text with signatures under it (c2sp.org/signed-note).
///
/// Whoever reads one trusts nothing of the text before `checked(by:)`.
package struct SignedNote: Hashable, Sendable {
    /// The text, with its last newline.
    package let text: String
    /// The signatures, in the order of their lines; at least one.
    package let signatures: [NoteSignature]

    /// The longest note that is read: far more than sixteen signatures of any kind need.
    package static let byteCountMax = 1 << 20
    /// The most signatures that are read; the specification asks for sixteen at least.
    package static let signatureCountMax = 100
    /// What a signature line begins with: an em dash and a space.
    private static let mark = "\u{2014} "

    /// Joins a text and its signatures.
    init(text: String, signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note.
    ///
    /// - Throws: `malformed`, with what is wrong; also for UTF-8 that is not valid.
    package init(bytes: some Collection<UInt8>) throws(LedgerError) {
        guard bytes.count <= SignedNote.byteCountMax else {
            throw LedgerError(.malformed, "the note is longer than \(SignedNote.byteCountMax) bytes")
        }
        guard let whole = String(validating: bytes, as: UTF8.self), SignedNote.isPlain(whole) else {
            throw LedgerError(.malformed, "the note is not plain UTF-8: it has invalid bytes or control characters")
        }
        guard whole.hasSuffix("\n") else { throw LedgerError(.malformed, "the note does not end in a newline") }
        // The text may have empty lines of its own: the last one parts it from the signatures.
        guard let gap = whole.ranges(of: "\n\n").last else {
            throw LedgerError(.malformed, "the note has no empty line between its text and its signatures")
        }
        let lines = whole[gap.upperBound...].split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard !lines.isEmpty else { throw LedgerError(.malformed, "the note has no signature") }
        guard lines.count <= SignedNote.signatureCountMax else {
            throw LedgerError(.malformed, "the note has more than \(SignedNote.signatureCountMax) signatures")
        }
        text = whole[..<gap.lowerBound] + "\n"
        var found: [NoteSignature] = []
        for line in lines { found.append(try SignedNote.signature(line)) }
        signatures = found
    }

    /// The note as it is written down.
    package var description: String {
        let lines = signatures.map { "\(SignedNote.mark)\($0.key.name) \(Base64.text($0.key.hashBytes + $0.bytes))\n" }
        return text + "\n" + lines.joined()
    }

    /// Checks that a key has signed the text.
    ///
    /// Signatures of other keys are passed over, as the specification asks: that lets witnesses sign too, and keys be
    /// replaced.
    ///
    /// - Throws: `invalid` when the key has not signed, or its signature does not fit the text.
    package func checked(by verifier: NoteVerifier) throws(LedgerError) {
        let own = signatures.filter { $0.key == verifier.id }
        guard !own.isEmpty else {
            let signers = signatures.map(\.key.description).joined(separator: ", ")
            throw LedgerError(.invalid, "the note is not signed by \(verifier.id), only by \(signers)")
        }
        guard own.allSatisfy({ verifier.accepts($0.bytes, of: Array(text.utf8)) }) else {
            throw LedgerError(.invalid, "the signature of \(verifier.id) does not fit the text")
        }
    }

    /// Whether a text has no control characters but newlines.
    static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A } }

    private static func signature(_ line: Substring) throws(LedgerError) -> NoteSignature {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard line.hasPrefix(mark), parts.count == 3, NoteKeyID.isName(parts[1]) else {
            throw LedgerError(
                .malformed, "a signature line is an em dash, a key name and base 64, with one space between")
        }
        guard let bytes = Base64.bytes(parts[2]), bytes.count > 4 else {
            throw LedgerError(.malformed, "the signature of \(parts[1]) is not the base 64 of more than four bytes")
        }
        let key = NoteKeyID(name: String(parts[1]), hash: NoteKeyID.number(bytes.prefix(4)))
        return NoteSignature(key: key, bytes: Array(bytes.dropFirst(4)))
    }
}

extension SignedNote: CustomStringConvertible {}
