internal import Foundation

/// Keeps the newest checkpoint in a file, best on another machine's disk or one that is written once.
///
/// The file is a witness, not a copy: what is in it is read first, and a checkpoint that does not go on from it is
/// refused. Whoever rewrites a ledger has to change this file as well.
package struct CheckpointFile: CheckpointOutlet {
    private let path: String
    private let verifier: NoteVerifier

    /// Names a file, and the key whose checkpoints it takes.
    package init(path: String, verifier: NoteVerifier) {
        self.path = path
        self.verifier = verifier
    }

    package var name: String { path }

    package func push(
        note: String, checkpoint: Checkpoint, proof: (Int64) throws(LedgerError) -> [MerkleHash]
    ) async throws(LedgerError) {
        _ = try Checkpoint.checked(Array(note.utf8), by: verifier)
        if let kept = try kept() {
            guard kept.size <= checkpoint.size else {
                throw LedgerError(
                    .invalid,
                    "\(path) has a checkpoint of \(kept.size) records, the ledger has \(checkpoint.size): "
                        + "its tail was removed")
            }
            let hashes = try proof(kept.size)
            guard
                MerkleProof.shows(
                    (kept.size, kept.root), isBeginningOf: (checkpoint.size, checkpoint.root), proof: hashes)
            else {
                throw LedgerError(
                    .invalid, "the ledger does not go on from the checkpoint in \(path): its history was rewritten")
            }
            guard kept != checkpoint else { return }
        }
        do {
            try AtomicFile.write(Array(note.utf8), to: path, permissions: 0o644)
        } catch {
            throw LedgerError(
                .unavailable, "the checkpoint cannot be written to \(path)", cause: error.localizedDescription)
        }
    }

    private func kept() throws(LedgerError) -> Checkpoint? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw LedgerError(.unavailable, "\(path) cannot be read")
        }
        return try Checkpoint.checked(bytes, by: verifier).checkpoint
    }
}
