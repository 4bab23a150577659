import Foundation
import GRDB
import Testing
import Vocabulary

@testable import Ledger

/// Two judges of the same ledger: our audit of what is stored, and of what is exported the verifier in Python, which
/// shares no code with it.
@Suite struct VerifierTests {
    /// What the verifier in Python said.
    private struct Verdict {
        var holds: Bool
        var words: String
    }

    private static func judge(_ arguments: String...) throws -> Verdict {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Verifier/verify_ledger.py").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let words = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return Verdict(holds: process.terminationStatus == 0, words: words)
    }

    /// A ledger of some hundred records, two of them erased, and the checkpoint that somebody kept of the first part.
    private static func ledger() async throws -> (rig: LedgerRig, kept: String) {
        let rig = try LedgerRig()
        let ledger = try rig.open()
        _ = try await ledger.append((0..<300).map { Sample.command($0, stream: "tenant/\($0 % 7)") })
        let kept = try #require(try ledger.store.head()).note
        try kept.write(toFile: rig.folder.path + "/kept", atomically: true, encoding: .utf8)
        for number in 300..<520 { _ = try await ledger.append(Sample.command(number)) }
        var erasing = Sample.command(520)
        erasing.erasures = [5, 299]
        _ = try await ledger.append(erasing)
        ledger.close()
        return (rig, kept)
    }

    /// What both judges say, ours as kinds of findings; both know the checkpoint that was kept outside.
    private static func judgements(of rig: LedgerRig) throws -> (ours: Set<LedgerFinding.Kind>, theirs: Verdict) {
        let store = try rig.readingStore()
        defer { store.close() }
        let kept = Array(try Data(contentsOf: URL(fileURLWithPath: rig.folder.path + "/kept")))
        let report = try LedgerAudit.run(store, trusted: rig.signer.verifier, outside: [(kept, "kept")])
        let export = rig.folder.path + "/export"
        try? FileManager.default.removeItem(atPath: export)
        _ = try LedgerExport.write(store, to: export)
        let theirs = try judge(
            "export", export, "--key", rig.signer.verifier.text, "--checkpoint", rig.folder.path + "/kept")
        return (Set(report.findings.map(\.kind)), theirs)
    }

    private static func change(_ rig: LedgerRig, _ body: (Database) throws -> Void) throws {
        let database = try DatabaseQueue(path: rig.path)
        try database.writeWithoutTransaction(body)
        try database.close()
    }

    @Test func `a sound ledger is sound to both`() async throws {
        let (rig, _) = try await VerifierTests.ledger()
        let (ours, theirs) = try VerifierTests.judgements(of: rig)
        #expect(ours.isEmpty)
        #expect(theirs.holds, "\(theirs.words)")
        #expect(theirs.words == "521 records, 2 erased\n")
    }

    @Test(arguments: [
        ("record", "bytes", "sequence = 17"), ("record", "salt", "sequence = 400"),
        ("record", "commitment", "sequence = 5"), ("tile", "hashes", "place = 1"),
        ("tile", "hashes", "place = 1 << 56"),
    ])
    func `a flipped bit is found by both`(table: String, column: String, place: String) async throws {
        let (rig, _) = try await VerifierTests.ledger()
        try VerifierTests.change(rig) { database in
            let bytes = try #require(
                try Data.fetchOne(database, sql: "SELECT \(column) FROM \(table) WHERE \(place)"))
            var changed = [UInt8](bytes)
            changed[changed.count - 1] ^= 0x10
            try database.execute(
                sql: "UPDATE \(table) SET \(column) = ? WHERE \(place)", arguments: [Data(changed)])
        }
        let (ours, theirs) = try VerifierTests.judgements(of: rig)
        #expect(!ours.isDisjoint(with: [.changedRecord, .changedTree]))
        #expect(!theirs.holds)
    }

    @Test func `a flipped bit in an index, by which records are searched for, is found`() async throws {
        let (rig, _) = try await VerifierTests.ledger()
        var place: (page: Int, size: Int) = (0, 0)
        try VerifierTests.change(rig) { database in
            let page = try Int.fetchOne(
                database, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'record_stream'")
            place = (try #require(page), try #require(try Int.fetchOne(database, sql: "PRAGMA page_size")))
        }
        let file = URL(fileURLWithPath: rig.path)
        var bytes = try Data(contentsOf: file)
        let found = try #require(
            bytes.range(of: Data("tenant/".utf8), in: (place.page - 1) * place.size..<place.page * place.size))
        bytes[found.lowerBound] ^= 0x01
        try bytes.write(to: file)
        let (ours, _) = try VerifierTests.judgements(of: rig)
        #expect(ours == [.disorder])
    }

    @Test func `a changed checkpoint and a stranger's signature are found by both`() async throws {
        let (rig, _) = try await VerifierTests.ledger()
        let head = try #require(
            try {
                let store = try rig.readingStore()
                defer { store.close() }
                return try store.head()
            }())
        let text = try SignedNote(bytes: Array(head.note.utf8)).text
        let stranger = try NoteSigner(name: "example.com/ledger").sign(text).description
        for note in [stranger, head.note.replacing("\n521\n", with: "\n520\n")] {
            try VerifierTests.change(rig) { try $0.execute(sql: "UPDATE head SET note = ?", arguments: [note]) }
            let (ours, theirs) = try VerifierTests.judgements(of: rig)
            #expect(ours.contains(.signature))
            #expect(!theirs.holds)
        }
    }

    @Test func `a removed tail is found by both`() async throws {
        let (rig, kept) = try await VerifierTests.ledger()
        // Without the records that the newest checkpoint speaks of.
        try VerifierTests.change(rig) { try $0.execute(sql: "DELETE FROM record WHERE sequence >= 400") }
        let store = try rig.readingStore()
        #expect(try LedgerAudit.run(store).findings.map(\.kind).contains(.missingRecord))
        store.close()
        // By the holder of the key, who signs what is left: only who has kept a checkpoint can tell.
        let shorter = try await VerifierTests.rewritten(rig, count: 250) {
            Sample.command($0, stream: "tenant/\($0 % 7)")
        }
        try kept.write(toFile: shorter.folder.path + "/kept", atomically: true, encoding: .utf8)
        let (ours, theirs) = try VerifierTests.judgements(of: shorter)
        #expect(ours == [.tailRemoved])
        #expect(!theirs.holds)
        #expect(theirs.words.contains("300 records"))
    }

    @Test func `a history that the holder of the key rewrote is found by both`() async throws {
        let (rig, kept) = try await VerifierTests.ledger()
        let other = try await VerifierTests.rewritten(rig, count: 600) { number in
            Sample.command(number == 42 ? -1 : number, stream: "tenant/\(number % 7)")
        }
        try kept.write(toFile: other.folder.path + "/kept", atomically: true, encoding: .utf8)
        let (ours, theirs) = try VerifierTests.judgements(of: other)
        #expect(ours == [.rewritten])
        #expect(!theirs.holds)
        let file = CheckpointFile(path: other.folder.path + "/kept", verifier: other.signer.verifier)
        let store = try other.readingStore()
        let prover = try LedgerProver(store)
        let note = try #require(try store.head()).note
        await #expect(throws: LedgerError.self) {
            try await file.push(note: note, checkpoint: prover.checkpoint) { (size) throws(LedgerError) in
                try prover.consistency(from: size)
            }
        }
        store.close()
    }

    /// Another ledger, signed with the same key.
    private static func rewritten(
        _ rig: LedgerRig, count: Int, command: (Int) -> LedgerCommand
    ) async throws -> LedgerRig {
        let other = try LedgerRig(signer: rig.signer)
        let ledger = try other.open()
        _ = try await ledger.append((0..<count).map(command))
        ledger.close()
        return other
    }

    @Test func `proofs hold for both, and changed ones for neither`() async throws {
        let (rig, kept) = try await VerifierTests.ledger()
        let store = try rig.readingStore()
        let prover = try LedgerProver(store)
        let key = rig.signer.verifier
        let file = rig.folder.path + "/record.tlog-proof"
        for sequence in [0, 5, 255, 256, 400, 520] as [Int64] {
            let proof = try prover.proof(of: sequence)
            let evidence = try #require(ProofEvidence(proof.extra ?? []))
            #expect(try proof.checked(entry: evidence.entry, by: key).size == 521)
            try proof.description.write(toFile: file, atomically: true, encoding: .utf8)
            let verdict = try VerifierTests.judge("proof", file, "--key", key.text)
            #expect(verdict.words == "entry \(sequence) of 521\n")
            let moved = proof.description.replacing("\nindex \(sequence)\n", with: "\nindex \(sequence ^ 1)\n")
            try moved.write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try !VerifierTests.judge("proof", file, "--key", key.text).holds)
        }
        let checkpoint = try Checkpoint.checked(Array(kept.utf8), by: key).checkpoint
        let hashes = try prover.consistency(from: checkpoint.size)
        #expect(
            MerkleProof.shows(
                (checkpoint.size, checkpoint.root), isBeginningOf: (521, prover.checkpoint.root), proof: hashes))
        for (proof, holds) in [(hashes, true), (Array(hashes.dropLast()), false), (hashes.reversed(), false)] {
            let stated: [String: Any] = [
                "checkpoint": try #require(try store.head()).note,
                "proof": proof.map { Data($0.bytes).base64EncodedString() },
            ]
            let text = rig.folder.path + "/consistency.json"
            try JSONSerialization.data(withJSONObject: stated).write(to: URL(fileURLWithPath: text))
            let verdict = try VerifierTests.judge(
                "consistency", text, rig.folder.path + "/kept", "--key", key.text)
            #expect(verdict.holds == holds, "\(verdict.words)")
        }
        store.close()
    }

    @Test func `a file outside keeps the newest checkpoint, and takes nothing older`() async throws {
        let (rig, kept) = try await VerifierTests.ledger()
        let store = try rig.readingStore()
        let prover = try LedgerProver(store)
        let note = try #require(try store.head()).note
        let path = rig.folder.path + "/outside"
        let file = CheckpointFile(path: path, verifier: rig.signer.verifier)
        let older = try Checkpoint.checked(Array(kept.utf8), by: rig.signer.verifier).checkpoint
        func push(_ note: String, _ checkpoint: Checkpoint) async throws {
            try await file.push(note: note, checkpoint: checkpoint) { (size) throws(LedgerError) in
                try prover.consistency(from: size)
            }
        }
        try await push(kept, older)
        try await push(note, prover.checkpoint)
        try await push(note, prover.checkpoint)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == note)
        await #expect(throws: LedgerError.self) { try await push(kept, older) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == note)
        store.close()
    }

    /// What both judges say of a ledger whose commands have ids: ours, and of the file itself the verifier in Python.
    private static func commandJudgements(
        _ body: (Database) throws -> Void
    ) async throws -> (ours: [LedgerFinding.Kind], theirs: Verdict) {
        let rig = try LedgerRig()
        let ledger = try rig.open()
        for number in 0..<40 {
            var command = Sample.command(number, id: number % 4 == 0 ? "" : "c\(number)")
            if number % 3 == 0 { command.events.append(Sample.event(number, stream: "other")) }
            _ = try await ledger.append(command)
        }
        var erasing = Sample.command(40, id: "erasing")
        erasing.erasures = [2, 17]
        _ = try await ledger.append(erasing)
        ledger.close()
        try VerifierTests.change(rig, body)
        let store = try rig.readingStore()
        defer { store.close() }
        let theirs = try judge("file", rig.path, "--key", rig.signer.verifier.text)
        return (try LedgerAudit.run(store).findings.map(\.kind), theirs)
    }

    @Test func `what commands were told fits the records of a sound ledger, erased ones or not`() async throws {
        let (ours, theirs) = try await VerifierTests.commandJudgements { _ in }
        #expect(ours == [])
        #expect(theirs.holds, "\(theirs.words)")
    }

    @Test(arguments: [
        "INSERT INTO command VALUES ('forged', 3, 1, 1000)", "DELETE FROM command WHERE id = 'c7'",
        "UPDATE command SET first = first + 1 WHERE id = 'c7'", "UPDATE command SET count = 2 WHERE id = 'c7'",
        "UPDATE command SET time = 999 WHERE id = 'c7'", "UPDATE command SET id = 'c8' || id WHERE id = 'c9'",
        "INSERT INTO command VALUES ('coming', 60, 1, 1000)",
        "INSERT INTO command VALUES ('beyond', 9000000000000000000, 9000000000000000000, 1000)",
    ])
    func `a row of a command that was added, removed or changed is found by both`(sql: String) async throws {
        let (ours, theirs) = try await VerifierTests.commandJudgements { try $0.execute(sql: sql) }
        #expect(!ours.isEmpty && ours.allSatisfy { $0 == .changedCommand })
        #expect(!theirs.holds && theirs.words.contains("command"), "\(theirs.words)")
    }

    @Test func `the verifier in Python finds changed rows in the file itself`() async throws {
        for (sql, word) in [
            ("UPDATE record SET bytes = zeroblob(80) WHERE sequence = 17", "record 17 was changed"),
            ("UPDATE record SET actor = 'operator/9' WHERE sequence = 18", "the columns of record 18"),
            ("UPDATE record SET version = version + 1000 WHERE sequence = 19", "record 19"),
            ("DELETE FROM record WHERE sequence = 30", "record 30 is missing"),
            ("UPDATE tile SET hashes = zeroblob(32 * 256) WHERE place = 1", "was changed"),
            ("DELETE FROM record WHERE sequence > 500", "missing at the end"),
        ] {
            let (rig, _) = try await VerifierTests.ledger()
            let sound = try VerifierTests.judge("file", rig.path, "--key", rig.signer.verifier.text)
            #expect(sound.holds, "\(sound.words)")
            try VerifierTests.change(rig) { try $0.execute(sql: sql) }
            let changed = try VerifierTests.judge("file", rig.path, "--key", rig.signer.verifier.text)
            #expect(!changed.holds && changed.words.contains(word), "\(sql): \(changed.words)")
        }
    }
}
