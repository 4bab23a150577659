/// What a log says of itself at one size: who it is, how many entries it has, and the root over them.
///
/// Two checkpoints of one origin that both are signed have to be consistent. Whoever keeps an older one can therefore
/// notice a history that was rewritten (c2sp.org/tlog-checkpoint).
package struct Checkpoint: Hashable, Sendable {
    /// Which log it is.
    package let origin: String
    /// How many entries there are.
    package let size: Int64
    /// The root of the tree over them.
    package let root: MerkleHash

    /// States the head of a log.
    package init(origin: String, size: Int64, root: MerkleHash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads the text of a note; further lines, which the specification allows, are passed over.
    ///
    /// - Throws: `malformed`, with what is wrong.
    package init(noteText text: String) throws(LedgerError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", lines.dropLast().allSatisfy({ !$0.isEmpty }) else {
            throw LedgerError(
                .malformed, "a checkpoint has at least three lines, none of them empty: origin, size, root")
        }
        guard let size = Decimal.number(lines[1]) else {
            throw LedgerError(.malformed, "the checkpoint's size is '\(lines[1])', not a number without leading zeros")
        }
        guard let bytes = Base64.bytes(lines[2]), let root = MerkleHash(bytes) else {
            throw LedgerError(.malformed, "the checkpoint's root is '\(lines[2])', not the base 64 of 32 bytes")
        }
        self.init(origin: String(lines[0]), size: size, root: root)
    }

    /// The text that is signed.
    package var noteText: String { "\(origin)\n\(size)\n\(Base64.text(root.bytes))\n" }

    /// Reads a note and checks that a key has signed it; its origin has to be the name of the key.
    ///
    /// - Throws: `malformed` or `invalid`.
    package static func checked(
        _ bytes: some Collection<UInt8>, by verifier: NoteVerifier
    ) throws(LedgerError) -> (note: SignedNote, checkpoint: Checkpoint) {
        let note = try SignedNote(bytes: bytes)
        try note.checked(by: verifier)
        let checkpoint = try Checkpoint(noteText: note.text)
        guard checkpoint.origin == verifier.id.name else {
            throw LedgerError(
                .invalid, "the checkpoint is of \(checkpoint.origin), but the key is of \(verifier.id.name)")
        }
        return (note, checkpoint)
    }
}

/// Numbers as logs write them.
enum Decimal {
    /// Reads digits without leading zeros; `nil` for anything else, and for what does not fit.
    static func number(_ text: some StringProtocol) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || !text.hasPrefix("0")
        else { return nil }
        return Int64(text)
    }
}
