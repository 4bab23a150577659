internal import Policy
package import Vocabulary

extension FileDirectory {
    /// Withdraws a key: its entry gets the moment, and the next load of the directory refuses it.
    ///
    /// The entry stays, so that a caller who still uses the key is recognised and told why it is refused.
    ///
    /// - Parameters:
    ///   - id: the key's id.
    ///   - now: when this is.
    /// - Returns: the key as it is now. Where `linesToAdd` is not `nil` the file could not be changed, and the key is
    ///   revoked when the line is in its entry.
    /// - Throws: why the key was not revoked; the file is then as it was.
    package func revokeKey(_ id: String, at now: WallTime) throws(DirectoryError) -> RevokedKey {
        let moment = Timestamp.wholeSeconds(now)
        let (found, isWritten) = try update { _, contents throws(DirectoryError) in
            let place = try self.place(ofKey: id, in: contents)
            let principal = contents.principals[place.principal]
            var key = principal.keys[place.key]
            let wasRevoked = key.revoked != nil
            var after = contents
            key.revoked = key.revoked ?? moment
            after.principals[place.principal].keys[place.key] = key
            let update = Update(
                entry: .pair(Fragment.Pair("revoked", .text(Timestamp.text(moment)))),
                path: principal.owner.path + [.key(principal.name), .key("keys"), .item(place.key)], contents: after)
            return ((key: key, principal: principal.qualifiedName, wasRevoked: wasRevoked), wasRevoked ? nil : update)
        }
        return RevokedKey(
            key: found.key, principal: found.principal, wasRevokedBefore: found.wasRevoked,
            linesToAdd: isWritten ? nil : "revoked: \(Timestamp.text(moment))\n")
    }

    private func place(ofKey id: String, in contents: DirectoryContents) throws(DirectoryError) -> (
        principal: Int, key: Int
    ) {
        for (index, principal) in contents.principals.enumerated() {
            if let key = principal.keys.firstIndex(where: { $0.id == id }) { return (index, key) }
        }
        guard !Credential.Environment.allCases.contains(where: { id.hasPrefix($0.prefix) }) else {
            throw DirectoryError(
                .invalidRequest, "a key was given in the place of its id",
                suggestion: "`headgate directory list` shows the ids")
        }
        let ids = contents.principals.lazy.flatMap { $0.keys.lazy.map(\.id) }
        throw DirectoryError(
            .unknownKey, "there is no key \(id.quoted) in \(path)",
            suggestion: Spelling.nearest(to: id, among: ids).map { "did you mean \($0.quoted)?" }
                ?? "`headgate directory list` shows the ids")
    }
}
