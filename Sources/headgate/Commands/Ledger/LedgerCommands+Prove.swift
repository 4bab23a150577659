internal import ArgumentParser
internal import Foundation
internal import Journal
internal import Ledger

extension LedgerCommands {
    /// `headgate ledger prove`.
    struct ProveCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prove", abstract: "Print a proof that others can check without the ledger.",
            discussion: """
                With the number of a record: a .tlog-proof of it (c2sp.org/tlog-proof), with the record and its salt, or \
                with neither by --without-record. With --since: JSON with the hashes that show that the ledger goes on \
                from an older checkpoint. 'headgate ledger verify --proof' checks the former.
                """)

        @OptionGroup var place: LedgerOptions
        @Argument(help: "The number of the record.")
        var sequence: Int64?
        @Flag(help: "Leave out what was recorded: the proof then says only that something was.")
        var withoutRecord = false
        @Option(help: "A file with an older checkpoint, from which the ledger shall be shown to go on.")
        var since: String?

        func validate() throws {
            guard (sequence == nil) != (since == nil) else {
                throw ValidationError("name the number of a record, or an older checkpoint with --since")
            }
        }

        func run() throws {
            try LedgerCommands.read(place) { store in
                let prover = try LedgerProver(store)
                if let sequence {
                    let proof = try prover.proof(of: sequence, includesRecord: !withoutRecord)
                    return Terminal.write(proof.description)
                }
                if let since { try prove(since, by: prover) }
            }
        }

        private func prove(_ path: String, by prover: LedgerProver) throws {
            let older = try Checkpoint(noteText: try SignedNote(bytes: try LedgerCommands.bytes(of: path)).text)
            guard older.origin == prover.checkpoint.origin else {
                throw LedgerError(
                    .invalid, "the checkpoint in \(path) is of \(older.origin), not of \(prover.checkpoint.origin)")
            }
            let hashes = try prover.consistency(from: older.size)
            let answer: JSONValue = [
                "from": .number(older.size), "to": .number(prover.checkpoint.size),
                "proof": .list(hashes.map { .text(Data($0.bytes).base64EncodedString()) }),
                "checkpoint": .text(prover.note.description),
            ]
            Terminal.write(answer.pretty + "\n")
        }
    }
}
