/// A place outside where checkpoints are kept, so that the holder of a ledger cannot rewrite it unnoticed.
package protocol CheckpointOutlet: Sendable {
    /// What it is, for people.
    var name: String { get }

    /// Hands a checkpoint over, as a signed note and as what it says; when this returns it is kept.
    ///
    /// `proof` makes the hashes that show that a tree of some older size, which was kept before, is the beginning.
    func push(
        note: String, checkpoint: Checkpoint, proof: (Int64) throws(LedgerError) -> [MerkleHash]
    ) async throws(LedgerError)
}
