package import Vocabulary

/// One key as a list shows it; nothing in it helps to use the key.
package struct KeyListing: Hashable, Sendable {
    /// The id.
    package let id: String
    /// Whose key it is: `acme/web`.
    package let principal: String
    /// The classes that the principal may claim.
    package let classes: [String]
    /// What the key is worth.
    package let status: APIKey.Status
    /// When it was made.
    package let created: WallTime
    /// The first moment at which it is no longer accepted.
    package let expires: WallTime?
    /// When it was revoked.
    package let revoked: WallTime?
    /// What it is for.
    package let label: String?
}

extension FileDirectory {
    /// The keys, in the order of the file; the secret is not needed and not read.
    ///
    /// - Parameters:
    ///   - tenant: whose keys; `nil` for all, the platform's included.
    ///   - now: the moment whose status is shown.
    /// - Returns: one entry for each key, the dead ones included.
    /// - Throws: `unreadable` or `invalid`.
    package func list(tenant: String? = nil, at now: WallTime) throws(DirectoryError) -> [KeyListing] {
        let contents = try read().usableContents()
        return contents.principals.filter { tenant == nil || $0.owner.label == tenant }.flatMap { principal in
            principal.keys.map { key in
                KeyListing(
                    id: key.id, principal: principal.qualifiedName, classes: principal.classes,
                    status: key.status(at: now), created: key.created, expires: key.expires, revoked: key.revoked,
                    label: key.label)
            }
        }
    }
}

extension Sequence<KeyListing> {
    /// The keys as a table for people, one to a line, under a line of titles.
    package var table: String {
        let rows =
            [["ID", "PRINCIPAL", "STATUS", "CREATED", "EXPIRES", "LABEL"]]
            + map { key in
                [
                    key.id, key.principal, key.status.name, Timestamp.text(key.created),
                    key.expires.map(Timestamp.text) ?? "-", key.label ?? "",
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
