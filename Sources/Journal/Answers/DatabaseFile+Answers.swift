extension DatabaseFile {
    /// The file of answers that outlive the process, at a path.
    ///
    /// - `answer`: one row for each key. `name` holds the 16 bytes of the tenant and the 16 of the rest; `target`,
    ///   `request` and `decision` are 16 bytes each. `since` is in milliseconds since 1970. `status` is NULL while the
    ///   request runs, `body` where it was too large to be kept.
    /// - `state`: the two halves of the hash key.
    ///
    /// Committed in full (`synchronous=FULL`), unlike the other files: what a client has been told must be here also
    /// after a power cut, or the next attempt would do the work twice.
    static func answers(at path: String) -> DatabaseFile {
        let first = """
            CREATE TABLE answer (
                number INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, target BLOB NOT NULL, request BLOB,
                decision BLOB NOT NULL, since INTEGER NOT NULL, status INTEGER, fields BLOB, body BLOB);
            CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            """
        return DatabaseFile(
            path: path, name: "answer store", applicationID: 0x4847_414E, migrations: [first], synchronous: "FULL")
    }
}
