internal import ArgumentParser
internal import Foundation
internal import Gateway
internal import Governance
internal import Journal
internal import Ledger
internal import PostgresLedger
internal import Vocabulary

/// `headgate ledger`: what was changed, by whom, and the proof of it.
struct LedgerCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Look into the record of changes, verify it, and take proofs out of it.",
        discussion: """
            Reads the data folder, or the database that --ledger names; works while the server runs, and after it \
            stopped. Nothing here changes a ledger, so nothing here is recorded in it either: whoever can read the \
            file or the database needs no command to do so. Reading through the control API is recorded. Records are \
            numbered from 0.
            """,
        subcommands: [
            VerifyCommand.self, ExportCommand.self, ProveCommand.self, ShowCommand.self, SearchCommand.self,
            AtCommand.self, PushCommand.self,
        ])

    /// Does something with a ledger, and tells failures as the command line does.
    static func read<Value>(_ place: LedgerOptions, _ body: (any LedgerStore) throws -> Value) throws -> Value {
        do {
            let store = try place.location.openForReading()
            defer { store.close() }
            return try body(store)
        } catch let error as LedgerError {
            throw Terminal.fail("error: \(error.description)")
        } catch let error as GovernanceError {
            throw Terminal.fail("error: \(error.description)")
        }
    }

    /// The bytes of a file.
    static func bytes(of path: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Terminal.fail("error: \(path) cannot be read; is it there?")
        }
        return [UInt8](bytes)
    }

    /// A verifier key, given as text or as the file that has it.
    static func verifier(_ key: String) throws -> NoteVerifier {
        do {
            guard FileManager.default.fileExists(atPath: key) else { return try NoteVerifier(key) }
            let text = String(decoding: try bytes(of: key), as: UTF8.self)
            return try NoteVerifier(text.trimmingCharacters(in: .whitespacesAndNewlines))
        } catch let error as LedgerError {
            throw Terminal.fail("error: --key is neither a key nor a file with one: \(error.description)")
        }
    }

    /// `headgate ledger export`.
    struct ExportCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write the whole ledger to a folder, for others to verify.",
            discussion: """
                A tiled log as c2sp.org/tlog-tiles describes it, with the records beside it. What was erased is not \
                in it. The signing key is not either.
                """)

        @OptionGroup var place: LedgerOptions
        @Argument(help: "A folder that is not there yet, or is empty.", completion: .directory)
        var target: String
        @Flag(help: "JSON for tools.")
        var json = false

        func run() throws {
            let count = try LedgerCommands.read(place) { try LedgerExport.write($0, to: target) }
            let answer: JSONValue = ["folder": .text(target), "records": .number(count)]
            Terminal.write(json ? answer.compact + "\n" : "\(count) records written to \(target)\n")
        }
    }

    /// `headgate ledger show`.
    struct ShowCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one record, with everything in it.")

        @OptionGroup var place: LedgerOptions
        @Argument(help: "The number of the record.")
        var sequence: Int64
        @Flag(help: "JSON for tools.")
        var json = false

        func run() throws {
            try LedgerCommands.read(place) { store in
                guard
                    let entry = sequence < 0
                        ? nil : try store.entries(LedgerQuery(range: sequence..<sequence + 1, limit: 1)).first
                else { throw LedgerError(.unknown, "there is no record \(sequence)") }
                let text = LedgerText(entry)
                Terminal.write(json ? try text.json.pretty + "\n" : try text.whole)
            }
        }
    }

    /// `headgate ledger search`.
    struct SearchCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "search", abstract: "List the records that match, newest last.")

        @OptionGroup var place: LedgerOptions
        @Option(help: "Only by this actor.")
        var actor: String?
        @Option(help: "Only of this stream, such as tenant/acme.")
        var stream: String?
        @Option(help: "Only of this type, such as tenant.created.")
        var type: String?
        @Option(help: "Only with this text in it, as it is written there.")
        var text: String?
        @Option(help: "Not before: a moment, or how long ago, such as 10m or 2h.")
        var since: String?
        @Option(help: "Before: a moment, or how long ago.")
        var until: String?
        @Option(name: .shortAndLong, help: "At most so many, the newest.")
        var limit = 50
        @Flag(help: "JSON, one object a line.")
        var json = false

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit is at least 1") }
            guard text != "" else { throw ValidationError("--text is not empty") }
            for moment in [since, until] { _ = try moment.map { try Moments.past($0, now: .now()) } }
        }

        func run() throws {
            try LedgerCommands.read(place) { store in
                let size = try LedgerProver(store).checkpoint.size
                var query = LedgerQuery(limit: limit, isNewestFirst: true)
                let lower = try since.map { try place(of: $0, in: store, size: size) } ?? 0
                let upper = try until.map { try place(of: $0, in: store, size: size) } ?? size
                query.range = lower..<max(lower, upper)
                query.actor = actor
                query.stream = stream
                query.type = type
                query.text = text
                let entries = try store.entries(query)
                for entry in entries.reversed() {
                    let text = LedgerText(entry)
                    Terminal.write((json ? try text.json.compact : try text.line) + "\n")
                }
                if entries.isEmpty { Terminal.writeError("no record matches\n") }
            }
        }

        /// The first record that is not older than a moment.
        private func place(of moment: String, in store: any LedgerStore, size: Int64) throws -> Int64 {
            let moment = try Moments.past(moment, now: .now())
            return try store.size(at: WallTime(milliseconds: moment.milliseconds - 1), in: size)
        }
    }
}
