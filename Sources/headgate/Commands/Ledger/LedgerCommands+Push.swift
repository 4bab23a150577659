internal import ArgumentParser
internal import Ledger
internal import PostgresLedger

extension LedgerCommands {
    /// `headgate ledger push`.
    struct PushCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "push", abstract: "Hand the newest checkpoint to somebody outside.",
            discussion: """
                A file belongs where who runs the ledger cannot write, or not unnoticed: on another machine, or on \
                storage that is written once. A checkpoint that does not go on from the one in the file is refused: \
                then history was rewritten, or its tail removed. An address is sent the checkpoint as the text of a \
                POST, and has to see to that itself.
                """)

        @OptionGroup var place: LedgerOptions
        @Option(help: "A file, or an address as http://host:port/path.", completion: .file())
        var to: String
        @Option(help: "The key to go by, or the file that has it; by default the one that the ledger names.")
        var key: String?

        func validate() throws {
            guard !to.contains("://") || CheckpointWebhook(to) != nil else {
                throw ValidationError("--to '\(to)' is no address; write http://host:port/path, or name a file")
            }
        }

        func run() async throws {
            do {
                let store = try place.location.openForReading()
                defer { store.close() }
                let prover = try LedgerProver(store)
                let verifier = try key.map(LedgerCommands.verifier) ?? prover.verifier
                let outlet: any CheckpointOutlet =
                    CheckpointWebhook(to) ?? CheckpointFile(path: to, verifier: verifier)
                try await outlet.push(note: prover.note.description, checkpoint: prover.checkpoint) {
                    (size) throws(LedgerError) in try prover.consistency(from: size)
                }
                Terminal.write("\(outlet.name) has the checkpoint of \(prover.checkpoint.size) records\n")
            } catch let error as LedgerError {
                throw Terminal.fail("error: \(error.description)")
            }
        }
    }
}
