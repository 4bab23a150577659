extension DatabaseFile {
    /// The file of incidents at a path.
    ///
    /// One table that only grows at its end: who is in quarantine now is who was put there, was not taken out since,
    /// and whose time is not over. So the list and the evidence for it cannot disagree.
    static func incidents(at path: String) -> DatabaseFile {
        DatabaseFile(
            path: path, name: "record of incidents", applicationID: 0x4847_4943,
            migrations: [
                """
                CREATE TABLE incident (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL, event TEXT NOT NULL,
                    moment INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, action TEXT NOT NULL,
                    stage TEXT NOT NULL, rule TEXT, operator TEXT, reason TEXT NOT NULL, evidence TEXT NOT NULL,
                    until INTEGER NOT NULL, spared_tiers TEXT NOT NULL, spared_classes TEXT NOT NULL);
                CREATE INDEX incident_id ON incident (id);
                """
            ])
    }
}
