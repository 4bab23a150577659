extension DatabaseFile {
    /// The usage store's file at a path.
    ///
    /// - `segment`: what changed, commit by commit: many tenants in one `body` (`UsageSegment`). Tenants are spread
    ///   over some parts by their keys; `place` holds the part in its upper 16 bits and counts commits in the lower 48,
    ///   so that segments of a part are neighbours, the newest last. Of several rows of one tenant the newest holds; a
    ///   part is rewritten as one segment now and then.
    /// - `shape`: what the numbers of a tenant mean (`UsageShape`).
    /// - `state`: when it was last saved, whether the writer said good-bye, the two halves of the hash key.
    ///
    /// The first version had a row for each thing that a tenant used, in `usage` and `slot`; they are converted when
    /// the file is opened, and dropped.
    static func usage(at path: String) -> DatabaseFile {
        let first = """
            CREATE TABLE usage (
                high INTEGER NOT NULL, low INTEGER NOT NULL, slot INTEGER NOT NULL, amount INTEGER NOT NULL,
                moment INTEGER NOT NULL, PRIMARY KEY (high, low, slot)) WITHOUT ROWID;
            CREATE TABLE slot (
                number INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,
                horizon INTEGER NOT NULL DEFAULT 0, UNIQUE (kind, name));
            CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            """
        let second = """
            CREATE TABLE shape (number INTEGER PRIMARY KEY, content BLOB NOT NULL UNIQUE);
            CREATE TABLE segment (place INTEGER PRIMARY KEY, body BLOB NOT NULL);
            """
        return DatabaseFile(path: path, name: "usage store", applicationID: 0x4847_5553, migrations: [first, second])
    }
}
