internal import Ledger

/// The tables of a ledger in PostgreSQL: how they are made and checked.
struct PostgresSchema {
    /// Where they are.
    let address: PostgresAddress

    /// What is locked while the schema is made, so that only one process does: the letters HGLG.
    private static let lock: Int64 = 0x4847_4C47

    /// The schema, step by step; a released step is never changed.
    ///
    /// The tables are those of SQLite (`LedgerFile`), and `headgate_ledger`, which marks the schema as a ledger and has
    /// the version. Names are compared byte by byte (`COLLATE "C"`). Tiles are hashes, which do not compress.
    private static let migrations = [
        """
        CREATE TABLE record (
            sequence bigint PRIMARY KEY, time bigint NOT NULL, actor text COLLATE "C" NOT NULL,
            type text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, version bigint NOT NULL,
            salt bytea, bytes bytea, commitment bytea);
        CREATE UNIQUE INDEX record_stream ON record (stream, version);
        CREATE INDEX record_actor ON record (actor, sequence);
        CREATE INDEX record_type ON record (type, sequence);
        CREATE TABLE command (
            id text COLLATE "C" PRIMARY KEY, first bigint NOT NULL, count bigint NOT NULL, time bigint NOT NULL);
        CREATE TABLE tile (place bigint PRIMARY KEY, hashes bytea NOT NULL);
        ALTER TABLE tile ALTER hashes SET STORAGE EXTERNAL;
        CREATE TABLE checkpoint (size bigint PRIMARY KEY, note text NOT NULL);
        CREATE TABLE head (one bigint PRIMARY KEY CHECK (one = 1), note text NOT NULL, verifier text NOT NULL);
        CREATE TABLE snapshot (name text COLLATE "C" PRIMARY KEY, sequence bigint NOT NULL, bytes bytea NOT NULL);
        CREATE TABLE headgate_ledger (one bigint PRIMARY KEY CHECK (one = 1), version bigint NOT NULL);
        INSERT INTO headgate_ledger VALUES (1, 0);
        """
    ]

    /// Makes the schema, or brings it up to date.
    func migrate(_ connection: inout PostgresConnection) throws(LedgerError) {
        try connection.execute("BEGIN; SELECT pg_advisory_xact_lock(\(PostgresSchema.lock))")
        do throws(LedgerError) {
            let version = try checkedVersion(&connection)
            if version < PostgresSchema.migrations.count {
                // Asked first, since making one that is there takes the right to make one all the same.
                if try !isThere(&connection) { try connection.execute("CREATE SCHEMA \"\(address.schema)\"") }
                for step in PostgresSchema.migrations[version...] { try connection.execute(step) }
                try connection.execute("UPDATE headgate_ledger SET version = \(PostgresSchema.migrations.count)")
            }
        } catch {
            try? connection.execute("ROLLBACK")
            throw error
        }
        try connection.execute("COMMIT")
    }

    /// Whether the schema is there, with or without tables.
    private func isThere(_ connection: inout PostgresConnection) throws(LedgerError) -> Bool {
        try connection.run("SELECT 1::bigint FROM pg_namespace WHERE nspname = $1::text", [.text(address.schema)])
            .count > 0
    }

    /// The number of migrations done.
    func checkedVersion(_ connection: inout PostgresConnection) throws(LedgerError) -> Int {
        let encoding = try connection.run("SELECT current_setting('server_encoding')").text(0, 0)
        guard encoding == "UTF8" else {
            throw LedgerError(
                .notALedger, "the database of \(address.place) has the encoding \(encoding); make one with UTF8")
        }
        let tables = try connection.run(
            """
            SELECT count(*), count(*) FILTER (WHERE relname = 'headgate_ledger') FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname = $1::text AND relkind IN ('r', 'p', 'v', 'm', 'f')
            """, [.text(address.schema)])
        if try tables.integer(0, 0) == 0 { return 0 }
        guard try tables.integer(0, 1) == 1 else {
            throw LedgerError(
                .notALedger, "the schema of \(address.place) has tables of another program; name another by ?schema=")
        }
        let version = try connection.run("SELECT version FROM headgate_ledger").integer(0, 0)
        guard version <= PostgresSchema.migrations.count else {
            throw LedgerError(
                .tooNew,
                "\(address.place) has version \(version) of the ledger's format, this headgate knows up to "
                    + "\(PostgresSchema.migrations.count); use the newer headgate that wrote it")
        }
        return Int(version)
    }
}
