/// A proof for one entry that needs neither the log nor a network: the text of a `.tlog-proof` file
/// (c2sp.org/tlog-proof).
package struct TransparencyProof: Hashable, Sendable {
    /// What the application adds, from which the entry can be made again; not part of what is proven.
    package let extra: [UInt8]?
    /// Where the entry stands.
    package let index: Int64
    /// The hashes beside its way to the root, lowest first.
    package let path: [MerkleHash]
    /// The checkpoint up to whose root the way leads.
    package let note: SignedNote

    private static let mark = "c2sp.org/tlog-proof@v1"

    /// Joins the parts.
    package init(extra: [UInt8]?, index: Int64, path: [MerkleHash], note: SignedNote) {
        self.extra = extra
        self.index = index
        self.path = path
        self.note = note
    }

    /// Reads a proof.
    ///
    /// - Throws: `malformed`, with what is wrong.
    package init(bytes: some Collection<UInt8>) throws(LedgerError) {
        guard let whole = String(validating: bytes, as: UTF8.self), SignedNote.isPlain(whole) else {
            throw LedgerError(.malformed, "the proof is not plain UTF-8")
        }
        guard let gap = whole.firstRange(of: "\n\n") else {
            throw LedgerError(.malformed, "the proof has no empty line before its checkpoint")
        }
        var lines = whole[..<gap.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == TransparencyProof.mark[...] else {
            throw LedgerError(.malformed, "the proof does not begin with the line \(TransparencyProof.mark)")
        }
        extra = try TransparencyProof.extra(in: &lines)
        guard let line = lines.popFirst(), line.hasPrefix("index "), let index = Decimal.number(line.dropFirst(6))
        else {
            throw LedgerError(.malformed, "the proof has no line 'index' with a number without leading zeros")
        }
        self.index = index
        var path: [MerkleHash] = []
        for line in lines {
            guard let bytes = Base64.bytes(line), let hash = MerkleHash(bytes) else {
                throw LedgerError(.malformed, "the line '\(line)' of the proof is not the base 64 of 32 bytes")
            }
            path.append(hash)
        }
        self.path = path
        note = try SignedNote(bytes: Array(whole[gap.upperBound...].utf8))
    }

    private static func extra(in lines: inout ArraySlice<Substring>) throws(LedgerError) -> [UInt8]? {
        guard let line = lines.first, line.hasPrefix("extra ") else { return nil }
        guard let bytes = Base64.bytes(line.dropFirst(6)) else {
            throw LedgerError(.malformed, "the line 'extra' of the proof is not base 64")
        }
        lines = lines.dropFirst()
        return bytes
    }

    /// The proof as it is written down.
    package var description: String {
        let extra = extra.map { "extra \(Base64.text($0))\n" } ?? ""
        let path = path.map { Base64.text($0.bytes) + "\n" }.joined()
        return "\(TransparencyProof.mark)\n\(extra)index \(index)\n\(path)\n\(note)"
    }

    /// Checks that a log whose key this is holds an entry where the proof says.
    ///
    /// - Throws: `invalid` or `malformed`, with what does not hold.
    package func checked(entry: [UInt8], by verifier: NoteVerifier) throws(LedgerError) -> Checkpoint {
        let checkpoint = try Checkpoint.checked(Array(note.description.utf8), by: verifier).checkpoint
        guard
            MerkleProof.shows(
                leaf: .leaf(entry), at: index, in: checkpoint.size, root: checkpoint.root, proof: path)
        else {
            throw LedgerError(
                .invalid, "the way from entry \(index) does not lead to the root at size \(checkpoint.size)")
        }
        return checkpoint
    }
}

extension TransparencyProof: CustomStringConvertible {}
