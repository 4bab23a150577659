import Foundation
import Ledger
import PostgresLedger
import PostgresTestSupport
import Testing
import Vocabulary

extension ServerTests {
    /// `headgate ledger --ledger`, on a ledger in PostgreSQL that this test writes.
    @Suite struct LedgerDatabaseCommandLine {
        @Test func `every command finds a ledger in PostgreSQL as it does one in a folder`() async throws {
            try await TestFolder.with { folder in
                let address = try PostgresServer.shared.get().address()
                let data = folder.file("data")
                let ledger = try LedgerLocation(data: data, address: address).open(origin: "example.com/ledger") {
                    WallTime(milliseconds: 1_795_219_200_000)
                }
                let events = (0..<300).map { number in
                    LedgerEvent(stream: "tenant/\(number)", type: "created", payload: Array("{\"n\":\(number)}".utf8))
                }
                _ = try await ledger.append(LedgerCommand(actor: "operator/7", events: events))
                ledger.close()
                func run(_ arguments: String...) async throws -> String {
                    let run = try await Command.run(["ledger"] + arguments + ["--ledger", address], in: folder)
                    #expect(run.status == 0, "\(arguments): \(run.errors)")
                    return run.output
                }
                let key = LedgerFolder(path: data).verifierPath
                #expect(try await run("verify", "--key", key).hasPrefix("sound: 300 records, signed by example.com/"))
                #expect(try await run("show", "17").contains("{\"n\":17}"))
                let found = try await run("search", "--stream", "tenant/4")
                #expect(found.hasPrefix("4  2026-11-21T00:00:00.000Z  created"))
                let then = try await run("at", "2026-11-21T00:00:01Z")
                #expect(then.hasPrefix("at           2026-11-21T00:00:01Z\nrecords      300 of 300\n"))
                let target = folder.file("export")
                #expect(try await run("export", target) == "300 records written to \(target)\n")
                #expect(try await run("push", "--to", folder.file("kept")).hasSuffix("of 300 records\n"))
                let proof = try folder.write(try await run("prove", "17"), to: "record.tlog-proof")
                let checked = try await Command.run(["ledger", "verify", "--proof", proof, "--key", key], in: folder)
                #expect(checked.output.hasPrefix("valid: record 17 is in example.com/ledger"))
            }
        }

        @Test func `a database that cannot be had is told without its password`() async throws {
            try await TestFolder.with { folder in
                func errors(_ address: String, _ more: String...) async throws -> String {
                    let run = try await Command.run(["ledger", "verify", "--ledger", address] + more, in: folder)
                    #expect(run.status == 1)
                    #expect(!(run.errors + run.output).contains("s3cret"))
                    return run.errors
                }
                let empty = try PostgresServer.shared.get().address()
                #expect(try await errors(empty).contains("there is no ledger at postgres://headgate@"))
                #expect(try await errors("postgres://a:s3cret@127.0.0.1:1/db").contains("cannot be reached"))
                #expect(try await errors("postgres://a:s3cret@db.invalid/db").contains("add sslmode=verify-full"))
                #expect(
                    try await errors("postgres://a:s3cret@db.invalid/db", "--insecure-ledger")
                        .contains("cannot be reached"))
                #expect(try await errors("mysql://a:s3cret@127.0.0.1/db").contains("no address of a PostgreSQL"))
            }
        }
    }
}
