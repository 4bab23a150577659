package import Ledger
package import Vocabulary

/// Where a ledger is kept: in a data folder, or in a PostgreSQL database that several processes share.
package enum LedgerLocation: Sendable {
    /// The data folder has all of it.
    case folder(LedgerFolder)
    /// The database has the records; the data folder of each process has the keys.
    case database(PostgresAddress, keys: LedgerFolder)

    /// Reads what the command line says: a data folder, and the address of a database if the records are in one.
    ///
    /// - Throws: `malformed` for an address that is none, or of a server that nothing verifies.
    package init(
        data: String, address: String?, allowsUnverifiedServer: Bool = false
    ) throws(LedgerError) {
        let folder = LedgerFolder(path: data)
        guard let address else {
            self = .folder(folder)
            return
        }
        let database = try PostgresAddress(address, allowsUnverifiedServer: allowsUnverifiedServer)
        self = .database(database, keys: folder)
    }

    /// Opens the ledger for appending; begins one if there is none, with a new key if the folder has none.
    ///
    /// All processes that append to one database have the same key: whoever has another one is refused, as is who has
    /// none although there is a ledger already.
    package func open(
        origin: String? = nil, clock: @escaping @Sendable () -> WallTime
    ) throws(LedgerError) -> LedgerWriter {
        switch self {
        case .folder(let folder): return try folder.open(origin: origin, clock: clock)
        case .database(let address, let keys):
            let store = try PostgresLedgerStore(address)
            do throws(LedgerError) {
                let signer = try keys.signer(isNew: try store.head() == nil, origin: origin)
                return try LedgerWriter(store: store, signer: signer, clock: clock)
            } catch {
                store.close()
                throw error
            }
        }
    }

    /// Opens the ledger for reading.
    package func openForReading() throws(LedgerError) -> any LedgerStore {
        switch self {
        case .folder(let folder): try folder.openForReading()
        case .database(let address, _): try PostgresLedgerStore(readingFrom: address)
        }
    }
}
