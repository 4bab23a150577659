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
                A password is better in PGPASSWORD or in ~/.pgpass, where others do not see it. Beyond this machine the \
                address says sslmode=verify-full, so that nobody stands in between.
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
            try LedgerLocation(data: folder.data, address: ledger, allowsUnverifiedServer: insecureLedger)
        }
    }
}
