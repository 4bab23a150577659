extension DatabaseFile {
    /// The usage store's file at a path.
    ///
    /// - `usage`: one row per tenant and slot, the tenant's 128 bits in two halves, so that rows of one tenant are
    ///   neighbours and reading them makes no objects. `moment` is a quota's period or a level's time.
    /// - `slot`: what can be used; `horizon` is the smallest moment that still means something.
    /// - `state`: when it was last saved, whether the writer said good-bye, the two halves of the hash key.
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
        return DatabaseFile(path: path, name: "usage store", applicationID: 0x4847_5553, migrations: [first])
    }
}
