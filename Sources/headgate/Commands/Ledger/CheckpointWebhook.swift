internal import Foundation
internal import Ledger

/// Posts checkpoints to somebody's HTTP address, as the text of the note.
///
/// In the clear: a checkpoint is signed, and says nothing that is secret. Whether it goes on from the one before is for
/// the other side to find out, which has that one.
struct CheckpointWebhook: CheckpointOutlet {
    let name: String
    private let place: PlainRequest.Place
    private let path: String

    /// Reads `http://host:port/path`; `nil` for anything else.
    init?(_ text: String) {
        guard var parts = URLComponents(string: text) else { return nil }
        path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        parts.percentEncodedPath = ""
        guard let place = parts.string.flatMap(PlainRequest.Place.init) else { return nil }
        self.place = place
        name = text
    }

    func push(
        note: String, checkpoint: Checkpoint, proof: (Int64) throws(LedgerError) -> [MerkleHash]
    ) async throws(LedgerError) {
        do {
            _ = try await PlainRequest(place: place, path: path, token: nil, posted: note).answer()
        } catch {
            throw LedgerError(.unavailable, "the checkpoint was not taken", cause: "\(error)")
        }
    }
}
