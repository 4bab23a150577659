extension DatabaseFile {
    /// The journal's file at a path.
    static func journal(at path: String) -> DatabaseFile {
        DatabaseFile(path: path, name: "journal", applicationID: 0x4847_4A4C, migrations: journalMigrations)
    }

    /// The journal's schema, step by step; a released step is never changed.
    ///
    /// - `decision`: `sequence` is the order of commits, given by the writer, never used twice: followers count by it.
    ///   `id` holds 16 bytes, big-endian, so that blobs sort as ids do, which is by time: the unique index on it is the
    ///   time index too. Words and names are numbers of `name`; `details` is `DetailsEncoder`'s.
    ///   `near` is how many near misses it has, nothing where it has none, so that its index holds those alone.
    /// - `name`: `volume` is the highest `sequence / volumeSize` of a decision that uses the name; once no held
    ///   decision is that old, the name goes. Numbers are never used twice (`AUTOINCREMENT`), so readers may keep them.
    /// - `tally`: what happened per minute, whether or not it was kept; `dropped` counts what was to be kept and was
    ///   not.
    /// - `policy`: what each version was called and said.
    /// - `state`: the identity of the file, the next sequence number, the sampling interval.
    private static let journalMigrations = [
        """
        CREATE TABLE decision (
            sequence INTEGER PRIMARY KEY, id BLOB NOT NULL, tenant INTEGER, principal INTEGER, operation INTEGER,
            class INTEGER, tier INTEGER NOT NULL, outcome INTEGER NOT NULL, reason INTEGER NOT NULL,
            would_outcome INTEGER, would_reason INTEGER, details BLOB NOT NULL);
        CREATE UNIQUE INDEX decision_id ON decision (id);
        CREATE INDEX decision_tenant ON decision (tenant, id);
        CREATE TABLE name (
            number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL UNIQUE, volume INTEGER NOT NULL);
        CREATE TABLE tally (
            minute INTEGER NOT NULL, class TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
            would_reason TEXT NOT NULL, decisions INTEGER NOT NULL, dropped INTEGER NOT NULL,
            PRIMARY KEY (minute, class, outcome, reason, would_reason)) WITHOUT ROWID;
        CREATE TABLE policy (
            version TEXT PRIMARY KEY, name TEXT NOT NULL, summary TEXT NOT NULL, recorded INTEGER NOT NULL
            ) WITHOUT ROWID;
        CREATE TABLE state (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        INSERT INTO state VALUES ('store', lower(hex(randomblob(8)))), ('next', 1), ('sampling', 1);
        """,
        """
        ALTER TABLE decision ADD COLUMN near INTEGER;
        CREATE INDEX decision_near ON decision (id) WHERE near IS NOT NULL;
        """,
    ]
}
