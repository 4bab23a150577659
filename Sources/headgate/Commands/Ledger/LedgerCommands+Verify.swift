internal import ArgumentParser
internal import Foundation
internal import Governance
internal import Journal
internal import Ledger

extension LedgerCommands {
    /// `headgate ledger verify`.
    struct VerifyCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Compute the whole ledger again, and say whether it is what it says to be.",
            discussion: """
                Without --checkpoint it finds what somebody without the signing key has changed. With a checkpoint that \
                was kept elsewhere it also finds what the key's holder has rewritten or cut off. What was saved beside \
                the records, so that a start need not read them, is computed again as well. With --proof it \
                checks one proof instead, and needs no ledger.
                """)

        @OptionGroup var place: LedgerOptions
        @Option(help: "The key to go by, or the file that has it; by default the one that the ledger names.")
        var key: String?
        @Option(help: "A file with a checkpoint that was kept elsewhere; may be given more than once.")
        var checkpoint: [String] = []
        @Option(help: "A .tlog-proof file to check instead; needs --key.")
        var proof: String?
        @Flag(help: "JSON for tools.")
        var json = false

        func validate() throws {
            guard proof == nil || key != nil else { throw ValidationError("--proof needs --key: whom do you trust?") }
            guard proof == nil || checkpoint.isEmpty else {
                throw ValidationError("--proof has its checkpoint in it; it goes without --checkpoint")
            }
        }

        func run() throws {
            let trusted = try key.map(LedgerCommands.verifier)
            if let proof, let trusted { return try check(LedgerCommands.bytes(of: proof), by: trusted) }
            let outside = try checkpoint.map { (note: try LedgerCommands.bytes(of: $0), name: $0) }
            let report = try LedgerCommands.read(place) { store in
                let audit = try RegistryAudit(store)
                var report = try LedgerAudit.run(store, trusted: trusted, outside: outside) { audit.visit($0) }
                try audit.finish(store, &report)
                return report
            }
            Terminal.write(json ? report.json.pretty + "\n" : report.text)
            if !report.isSound { throw ExitCode(1) }
        }

        private func check(_ bytes: [UInt8], by verifier: NoteVerifier) throws {
            do {
                let proof = try TransparencyProof(bytes: bytes)
                guard let evidence = proof.extra.flatMap(ProofEvidence.init) else {
                    throw LedgerError(.malformed, "the proof does not carry what it proves")
                }
                let checkpoint = try proof.checked(entry: evidence.entry, by: verifier)
                var entry: LedgerEntry?
                if case .record(let seal) = evidence {
                    guard let record = LedgerRecord(bytes: seal.record), record.sequence == proof.index else {
                        throw LedgerError(.invalid, "the record in the proof is none, or of another place")
                    }
                    entry = LedgerEntry(record, seal: seal)
                }
                try tell(entry, at: proof.index, in: checkpoint)
            } catch let error as LedgerError {
                throw Terminal.fail("error: \(error.description)")
            }
        }

        private func tell(_ entry: LedgerEntry?, at index: Int64, in checkpoint: Checkpoint) throws {
            let answer: JSONValue = [
                "valid": .truth(true), "origin": .text(checkpoint.origin), "index": .number(index),
                "size": .number(checkpoint.size), "record": try entry.map { try LedgerText($0).json } ?? .null,
            ]
            if json { return Terminal.write(answer.pretty + "\n") }
            Terminal.write("valid: record \(index) is in \(checkpoint.origin), which then had \(checkpoint.size)\n")
            if let entry { Terminal.write(try LedgerText(entry).whole) }
        }
    }
}

extension LedgerAuditReport {
    /// For people.
    fileprivate var text: String {
        let lines = findings.map { "\($0.kind.rawValue): \($0.message)\n" }.joined()
        let erased = erasedCount == 0 ? "" : ", \(erasedCount) of them erased"
        let others = otherCheckpointCount == 0 ? "" : "; \(otherCheckpointCount) other checkpoints fit"
        let head = "\(checkpoint.size) records\(erased), signed by \(verifier.id)\n"
        return isSound ? "sound: \(head.dropLast())\(others)\n" : lines + "NOT SOUND: \(head)"
    }

    /// For tools.
    fileprivate var json: JSONValue {
        [
            "sound": .truth(isSound), "origin": .text(checkpoint.origin), "size": .number(checkpoint.size),
            "root": .text(checkpoint.root.hexadecimal), "erased": .number(erasedCount),
            "otherCheckpoints": .number(Int64(otherCheckpointCount)), "key": .text(verifier.text),
            "findings": .list(
                findings.map { ["kind": .text($0.kind.rawValue), "message": .text($0.message)] }),
        ]
    }
}
