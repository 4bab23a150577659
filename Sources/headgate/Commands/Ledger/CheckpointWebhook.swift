internal import Foundation
internal import Ledger

/// Posts checkpoints to somebody's HTTP address, as the text of the note.
///
/// In the clear: a checkpoint is signed, and says nothing that is secret. Whether it goes on from the one before is for
/// the other side to find out, which has that one.
struct CheckpointWebhook: CheckpointOutlet {
    let name: String
    private let place: HTTPPlace
    private let target: String

    /// Reads `http://host:port/path`; `nil` for anything else.
    init?(_ text: String) {
        guard var parts = URLComponents(string: text) else { return nil }
        target = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        parts.percentEncodedPath = ""
        guard let place = parts.string.flatMap(HTTPPlace.init), !place.isSecure else { return nil }
        self.place = place
        name = text
    }

    func push(
        note: String, checkpoint: Checkpoint, proof: (Int64) throws(LedgerError) -> [MerkleHash]
    ) async throws(LedgerError) {
        var exchange = HTTPExchange(place: place, method: "POST", target: target)
        exchange.fields = [("Content-Type", "text/plain; charset=utf-8")]
        exchange.body = Array(note.utf8)
        exchange.patienceSeconds = 10
        let answer: HTTPExchange.Answer
        do { answer = try await exchange.answer() } catch {
            throw LedgerError(.unavailable, "the checkpoint was not taken", cause: error.description)
        }
        guard answer.isGood else {
            throw LedgerError(
                .unavailable, "the checkpoint was not taken", cause: "\(name) answers \(answer.status): \(answer.text)")
        }
    }
}
