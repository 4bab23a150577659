import Foundation
import Ledger
import Testing
import Vocabulary

extension ServerTests {
    /// `headgate ledger`, on a ledger that this test writes.
    @Suite struct LedgerCommandLine {
        /// Makes a ledger of 300 records, ten a second from 2026-11-21T00:00:00Z on, and a checkpoint of its first ten.
        private static func with(_ body: (TestFolder, _ data: String, _ key: String) async throws -> Void) async throws
        {
            try await TestFolder.with { folder in
                let data = folder.file("data")
                let place = LedgerFolder(path: data)
                for (range, second) in [(0..<10, 0), (10..<300, 60)] as [(Range<Int>, Int64)] {
                    let time = WallTime(milliseconds: 1_795_219_200_000 + 1_000 * second)
                    let ledger = try place.open(origin: "example.com/ledger") { time }
                    for number in range {
                        let event = LedgerEvent(
                            stream: "tenant/\(number % 3)", type: number == 0 ? "thing.made" : "thing.changed",
                            payload: Array("{\"number\":\(number)}".utf8))
                        let answer = try await ledger.append(
                            LedgerCommand(actor: "operator/\(number % 2)", events: [event]))
                        try #require(answer.receipt != nil)
                    }
                    if range.upperBound == 10 { _ = try folder.write(ledger.store.head()?.note ?? "", to: "kept") }
                    ledger.close()
                }
                try await body(folder, data, place.verifierPath)
            }
        }

        private static func run(_ arguments: String..., in folder: TestFolder) async throws -> Command {
            try await Command.run(["ledger"] + arguments, in: folder)
        }

        @Test func `verify, prove and export agree, and say so`() async throws {
            try await LedgerCommandLine.with { folder, data, key in
                let verified = try await LedgerCommandLine.run(
                    "verify", "--data", data, "--key", key, "--checkpoint", folder.file("kept"), in: folder)
                #expect(verified.status == 0, "\(verified.output)")
                #expect(verified.output.hasPrefix("sound: 300 records, signed by example.com/ledger+"))
                #expect(verified.output.hasSuffix("; 2 other checkpoints fit\n"))

                let proof = try await LedgerCommandLine.run("prove", "17", "--data", data, in: folder)
                let file = try folder.write(proof.output, to: "record.tlog-proof")
                let checked = try await LedgerCommandLine.run("verify", "--proof", file, "--key", key, in: folder)
                #expect(checked.status == 0)
                #expect(checked.output.contains("valid: record 17 is in example.com/ledger, which then had 300\n"))
                #expect(checked.output.contains("{\"number\":17}"))
                let blank = try await LedgerCommandLine.run(
                    "prove", "17", "--without-record", "--data", data, in: folder)
                #expect(blank.output.count < proof.output.count)

                let target = folder.file("export")
                let exported = try await LedgerCommandLine.run("export", target, "--data", data, in: folder)
                #expect(exported.output == "300 records written to \(target)\n")
                #expect(FileManager.default.fileExists(atPath: target + "/tile/entries/001.p/44"))
                #expect(try await LedgerCommandLine.run("export", target, "--data", data, in: folder).status == 1)
                let since = try await LedgerCommandLine.run(
                    "prove", "--since", folder.file("kept"), "--data", data, in: folder)
                #expect(since.output.contains("\"from\": 10,"))

                let pushed = try await LedgerCommandLine.run(
                    "push", "--to", folder.file("kept"), "--data", data, in: folder)
                #expect(pushed.output == "\(folder.file("kept")) has the checkpoint of 300 records\n")
                #expect(
                    try String(contentsOfFile: folder.file("kept"), encoding: .utf8)
                        == String(contentsOfFile: target + "/checkpoint", encoding: .utf8))
            }
        }

        @Test func `push posts the checkpoint to an address, and says if it was not taken`() async throws {
            try await LedgerCommandLine.with { folder, data, _ in
                try await StubServer.with(answering: { request in
                    .bytes(
                        request.startLine == "POST /take HTTP/1.1"
                            ? StubServer.answer("") : "HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\nno\n")
                }) { server in
                    let address = "http://127.0.0.1:\(server.port)"
                    let taken = try await LedgerCommandLine.run(
                        "push", "--to", address + "/take", "--data", data, in: folder)
                    #expect(taken.status == 0, "\(taken.errors)")
                    let note = try #require(server.counts.requests.first).text
                    #expect(try Checkpoint(noteText: SignedNote(bytes: Array(note.utf8)).text).size == 300)
                    let refused = try await LedgerCommandLine.run(
                        "push", "--to", address + "/other", "--data", data, in: folder)
                    #expect(refused.status == 1)
                    #expect(refused.errors.contains("answers 409: no"))
                    let wrong = try await LedgerCommandLine.run("push", "--to", "https://x", "--data", data, in: folder)
                    #expect(wrong.status == 64)
                }
            }
        }

        @Test func `search, show and at find what was recorded`() async throws {
            try await LedgerCommandLine.with { folder, data, _ in
                let created = try await LedgerCommandLine.run(
                    "search", "--data", data, "--type", "thing.made", in: folder)
                let line = "0  2026-11-21T00:00:00.000Z  thing.made  tenant/0  by operator/0  {\"number\":0}\n"
                #expect(created.output == line)
                let some = try await LedgerCommandLine.run(
                    "search", "--data", data, "--actor", "operator/1", "--stream", "tenant/1", "--until",
                    "2026-11-21T00:01:00Z", "--json", in: folder)
                #expect(some.output.split(separator: "\n").count == 2)
                #expect(some.output.contains("\"sequence\":7,"))
                let none = try await LedgerCommandLine.run("search", "--data", data, "--text", "nowhere", in: folder)
                #expect(none.status == 0)
                #expect(none.errors == "no record matches\n")
                let shown = try await LedgerCommandLine.run("show", "7", "--data", data, in: folder)
                #expect(shown.output.contains("stream      tenant/1, version 3\n"))
                let then = try await LedgerCommandLine.run("at", "2026-11-21T00:00:30Z", "--data", data, in: folder)
                let rows = "at           2026-11-21T00:00:30Z\nrecords      10 of 300\nroot         "
                #expect(then.output.hasPrefix(rows))
            }
        }

        @Test func `what is not there, and what was changed, is said and ends with 1`() async throws {
            try await LedgerCommandLine.with { folder, data, key in
                let missing = try await LedgerCommandLine.run("verify", "--data", folder.file("none"), in: folder)
                #expect(missing.status == 1)
                #expect(missing.errors.contains("there is no ledger in"))
                #expect(try await LedgerCommandLine.run("show", "300", "--data", data, in: folder).status == 1)
                #expect(try await LedgerCommandLine.run("prove", "--data", data, in: folder).status == 64)
                let stranger = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
                let other = try await LedgerCommandLine.run("verify", "--data", data, "--key", stranger, in: folder)
                #expect(other.status == 1)
                #expect(other.output.contains("signature: "))
                let json = try await LedgerCommandLine.run(
                    "verify", "--data", data, "--key", stranger, "--json", in: folder)
                #expect(json.output.contains("\"sound\": false"))
                let proof = try await LedgerCommandLine.run("prove", "17", "--data", data, in: folder)
                let file = try folder.write(
                    proof.output.replacing("\nindex 17\n", with: "\nindex 18\n"), to: "record.tlog-proof")
                let moved = try await LedgerCommandLine.run("verify", "--proof", file, "--key", key, in: folder)
                #expect(moved.status == 1)
                #expect(moved.errors.contains("does not lead to the root"))
            }
        }
    }
}
