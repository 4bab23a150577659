internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import PostgresLedger

/// Where the ledger is.
struct LedgerOptions: ParsableArguments {
    @OptionGroup var folder: DataOptions
    @Option(
        help: ArgumentHelp(
            "The database that has the ledger, as postgres://user@host/database?schema=name.",
            discussion: """
                Whoever lists processes sees the address. A password is better in PGPASSWORD or in ~/.pgpass, or the \
                whole address in a file for its owner alone: --ledger @FILE. Beyond this machine the address says \
                sslmode=verify-full, so that nobody stands in between.
                """))
    var ledger: String?
    @Flag(help: "Also go to a database beyond this machine that nothing verifies.")
    var insecureLedger = false

    /// The place that the options name, if a ledger was begun there; a database is one in any case.
    var existingLocation: LedgerLocation? {
        get throws(LedgerError) {
            guard ledger != nil || FileManager.default.fileExists(atPath: LedgerFolder(path: folder.data).recordsPath)
            else { return nil }
            return try location
        }
    }

    /// The place that the options name.
    var location: LedgerLocation {
        get throws(LedgerError) {
            try LedgerLocation(data: folder.data, address: try address, allowsUnverifiedServer: insecureLedger)
        }
    }

    /// The address, read from the file that it stands in.
    ///
    /// - Throws: `invalid` if others may read the file, `unavailable` if it cannot be read.
    private var address: String? {
        get throws(LedgerError) {
            guard let ledger, ledger.hasPrefix("@") else { return ledger }
            let path = String(ledger.dropFirst())
            let mode = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? NSNumber
            guard let text = try? String(contentsOfFile: path, encoding: .utf8), let mode = mode?.intValue else {
                throw LedgerError(.unavailable, "--ledger: \(path) cannot be read; is it there?")
            }
            guard mode & 0o077 == 0 else {
                throw LedgerError(
                    .invalid,
                    "--ledger: \(path) is open to others (mode \(String(mode, radix: 8))): chmod 600 \(path)")
            }
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
