internal import CPostgreSQL
package import Ledger

/// Where a ledger is in PostgreSQL: `postgres://user@host:port/database?schema=name`, and everything else that libpq
/// takes in such an address.
///
/// A password is better not in it, where everybody sees it who lists processes: libpq also takes it from `PGPASSWORD`
/// and from the file that `PGPASSFILE` names, `~/.pgpass` by default. Wherever it is from, it is told to nobody.
package struct PostgresAddress: Sendable {
    /// For people: without the password.
    package let place: String
    /// The schema that has the ledger's tables.
    package let schema: String
    /// What libpq is told, password and all.
    let options: [String: String]

    /// The schema when none is named.
    package static let schemaStandard = "headgate"
    /// The longest name of a schema: the channel of its name is an identifier too, of 63 bytes at most.
    static let schemaBytesMax = 48
    /// Ways to connect by which libpq knows that the server is the one that was asked for.
    private static let verifyingModes: Set = ["verify-ca", "verify-full"]

    /// Whether a text is meant to be an address of PostgreSQL.
    package static func isMeant(by text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    /// Reads an address; what it does not say comes from libpq's environment.
    ///
    /// Beyond this machine the server has to be verified (`sslmode=verify-full`, or `verify-ca`) unless the caller
    /// allows otherwise: who stands in between could read every record, and append what the key would then sign.
    ///
    /// - Throws: `malformed`, never with the text itself, which may have a password in it.
    package init(_ text: String, allowsUnverifiedServer: Bool = false) throws(LedgerError) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let items = parts.count < 2 ? [] : parts[1].split(separator: "&")
        let schemas = items.filter { $0.hasPrefix("schema=") }.map { String($0.dropFirst("schema=".count)) }
        let rest = items.filter { !$0.hasPrefix("schema=") }
        guard PostgresAddress.isMeant(by: text),
            let own = PostgresAddress.parsed(parts[0] + (rest.isEmpty ? "" : "?" + rest.joined(separator: "&")))
        else {
            throw LedgerError(
                .malformed,
                "this is no address of a PostgreSQL database; write postgres://user@host:5432/database?schema=headgate")
        }
        guard own["service"] == nil else {
            throw LedgerError(.malformed, "a ledger's address names its server, not a service; PGSERVICE may")
        }
        schema = schemas.last ?? PostgresAddress.schemaStandard
        guard PostgresAddress.isPlain(schema) else {
            throw LedgerError(
                .malformed,
                "the schema '\(schema)' is not made of lower-case letters, digits and _, or has more than "
                    + "\(PostgresAddress.schemaBytesMax)")
        }
        options = own
        let all = PostgresAddress.defaults().merging(own) { $1 }
        place = PostgresAddress.place(all, schema: schema)
        let isVerified = PostgresAddress.verifyingModes.contains(all["sslmode"] ?? "")
        guard isVerified || allowsUnverifiedServer || PostgresAddress.isOnThisMachine(all) else {
            throw LedgerError(
                .malformed,
                "\(place) is beyond this machine, and nothing verifies that it is the server that was meant; add "
                    + "sslmode=verify-full, and sslrootcert=FILE with the authority of its certificate")
        }
    }

    private static func isPlain(_ schema: String) -> Bool {
        guard let first = schema.utf8.first, schema.utf8.count <= schemaBytesMax else { return false }
        let isWord = schema.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
        return isWord && !(0x30...0x39).contains(first)
    }

    /// Whether everything that is named is on this machine.
    ///
    /// Paths are those of sockets, which libpq takes by default.
    private static func isOnThisMachine(_ options: [String: String]) -> Bool {
        let hosts = [options["host"], options["hostaddr"]].compactMap { $0 }.flatMap { $0.split(separator: ",") }
        return hosts.allSatisfy { host in
            host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost" || host == "::1"
                || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
        }
    }

    private static func place(_ options: [String: String], schema: String) -> String {
        let user = options["user"].map { $0 + "@" } ?? ""
        let host = options["host"] ?? options["hostaddr"] ?? ""
        let port = options["port"].map { ":" + $0 } ?? ""
        let database = options["dbname"] ?? options["user"] ?? ""
        return "postgres://\(user)\(host)\(port)/\(database)?schema=\(schema)"
    }

    /// What libpq makes of a text; `nil` if it is not in order.
    ///
    /// What libpq says then repeats the text, and is not told.
    private static func parsed(_ text: some StringProtocol) -> [String: String]? {
        // SAFETY: the text is passed as a copy that ends with a zero and lives as long as the call.
        guard let list = unsafe PQconninfoParse(String(text), nil) else { return nil }
        return unsafe taken(list)
    }

    /// What libpq assumes, by its environment and by how it was built.
    private static func defaults() -> [String: String] {
        // SAFETY: the list is nil or whole, and belongs to the caller.
        guard let list = unsafe PQconndefaults() else { return [:] }
        return unsafe taken(list)
    }

    /// Copies and frees a list of libpq's.
    private static func taken(_ list: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        // SAFETY: the list ends with an entry without a keyword, and its texts with zeros; it is freed once, here.
        defer { unsafe PQconninfoFree(list) }
        var options: [String: String] = [:]
        var next = unsafe list
        while let keyword = unsafe next.pointee.keyword {
            if let value = unsafe next.pointee.val { unsafe options[String(cString: keyword)] = String(cString: value) }
            unsafe next += 1
        }
        return options
    }
}

extension PostgresAddress: CustomStringConvertible, CustomReflectable {
    /// The place, without the password.
    package var description: String { place }

    /// The place alone, so that not even a dump has the password.
    package var customMirror: Mirror { Mirror(self, children: ["place": place]) }
}
