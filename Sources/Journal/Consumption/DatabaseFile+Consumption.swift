extension DatabaseFile {
    /// The file of what tenants use, at a path.
    ///
    /// - `used`: how much was used, by tenant, day, principal, class and operation; names as they are, so that a row
    ///   means the same whatever becomes of policy and directory. Days are those of the calendar of the tenant's plan.
    /// - `key`: the minute in which each key was used last.
    /// - `warning`: of which shares of which quotas somebody was told; `period` is the number of the calendar period.
    static func consumption(at path: String) -> DatabaseFile {
        DatabaseFile(
            path: path, name: "record of use", applicationID: 0x4847_434E,
            migrations: [
                """
                CREATE TABLE used (
                    tenant TEXT NOT NULL, day INTEGER NOT NULL, principal TEXT NOT NULL, class TEXT NOT NULL,
                    operation TEXT NOT NULL, admitted INTEGER NOT NULL, replayed INTEGER NOT NULL,
                    refused INTEGER NOT NULL, cost INTEGER NOT NULL, bytes_in INTEGER NOT NULL,
                    bytes_out INTEGER NOT NULL, PRIMARY KEY (tenant, day, principal, class, operation)) WITHOUT ROWID;
                CREATE TABLE key (id TEXT PRIMARY KEY, minute INTEGER NOT NULL) WITHOUT ROWID;
                CREATE TABLE warning (
                    tenant TEXT NOT NULL, unit TEXT NOT NULL, period TEXT NOT NULL, number INTEGER NOT NULL,
                    share INTEGER NOT NULL, moment INTEGER NOT NULL,
                    PRIMARY KEY (tenant, unit, period, number, share)) WITHOUT ROWID;
                """
            ])
    }
}
