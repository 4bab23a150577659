internal import Crypto

/// What the ledger's key says of a projection that was saved: that it was computed from so many records, which lead to
/// such a root, and which bytes it has.
///
/// A projection lies beside the records and is read in place of them. Sealed, it can be changed by nobody who does not
/// have the key, and one of another ledger, or of a history that was rewritten since, does not fit the tree.
package struct ProjectionSeal: Hashable, Sendable {
    /// Which projection it is of.
    package let name: String
    /// How many records it was computed from.
    package let size: Int64
    /// The root that they lead to.
    package let root: MerkleHash
    /// SHA-256 over the SHA-256 of each part.
    package let digest: [UInt8]

    /// What the text begins with: an origin has no space in it, so no seal is a checkpoint, and none the other way.
    private static let mark = "headgate projection "

    /// States a seal.
    package init(name: String, size: Int64, root: MerkleHash, digest: [UInt8]) {
        self.name = name
        self.size = size
        self.root = root
        self.digest = digest
    }

    /// The text that is signed.
    package var noteText: String {
        "\(ProjectionSeal.mark)\(name)\n\(size)\n\(Base64.text(root.bytes))\n\(Base64.text(digest))\n"
    }

    /// Reads a note and checks that a key has signed it.
    ///
    /// - Throws: `malformed` or `invalid`.
    package init(note bytes: some Collection<UInt8>, by verifier: NoteVerifier) throws(LedgerError) {
        let note = try SignedNote(bytes: bytes)
        try note.checked(by: verifier)
        try self.init(text: note.text)
    }

    /// Reads a note without asking who has signed it.
    ///
    /// - Throws: `malformed`.
    package init(note bytes: some Collection<UInt8>) throws(LedgerError) {
        try self.init(text: try SignedNote(bytes: bytes).text)
    }

    private init(text: String) throws(LedgerError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 5, lines[0].hasPrefix(ProjectionSeal.mark), let size = Decimal.number(lines[1]),
            let root = Base64.bytes(lines[2]).flatMap({ MerkleHash($0) }), let digest = Base64.bytes(lines[3])
        else { throw LedgerError(.malformed, "the seal of a projection has four lines: name, size, root, digest") }
        self.init(
            name: String(lines[0].dropFirst(ProjectionSeal.mark.count)), size: size, root: root, digest: digest)
    }

    /// Holds the seal against a ledger.
    ///
    /// - Throws: `invalid` when the ledger's records before that place lead to another root, or are fewer.
    package func checkRoot(in store: some LedgerStore) throws(LedgerError) {
        let prover = try LedgerProver(store)
        guard size <= prover.checkpoint.size else {
            throw LedgerError(
                .invalid, "it was computed from \(size) records, and the ledger has \(prover.checkpoint.size)")
        }
        guard try prover.root(at: size) == root else {
            throw LedgerError(.invalid, "it was computed from other records than the first \(size) of this ledger")
        }
    }

    /// The digest of one part.
    package static func digest(ofPart bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    /// The digest of all parts, from those of each.
    package static func digest(ofParts digests: [[UInt8]]) -> [UInt8] {
        Array(SHA256.hash(data: digests.flatMap(\.self)))
    }
}
