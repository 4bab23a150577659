internal import Policy
package import Vocabulary

extension FileDirectory {
    /// Makes a key and puts its hash into the file.
    ///
    /// The first key of a directory also makes its secret. Everything else in the file stays as it is, comments and
    /// layout included.
    ///
    /// - Parameters:
    ///   - request: for whom, and what it is for.
    ///   - now: when this is.
    ///   - generator: the source of the random bits; outside of tests only `SystemRandomNumberGenerator` will do.
    /// - Returns: the key. Where `linesToAdd` is not `nil` the file could not be changed, and the key becomes valid
    ///   when these lines are in it.
    /// - Throws: why no key was made; the file is then as it was.
    package func addKey(
        _ request: KeyRequest, at now: WallTime, using generator: inout some RandomNumberGenerator
    ) throws(DirectoryError) -> IssuedKey {
        try request.check(at: now)
        let (issue, isWritten) = try update { document, contents throws(DirectoryError) in
            let place = try self.place(of: request, in: contents)
            let secret = try self.secret(for: document, using: &generator)
            let issue = Issue(request, in: contents, at: place, secret: secret, now: now, using: &generator)
            return (issue, issue.update(contents, at: place))
        }
        return IssuedKey(
            credential: issue.credential, key: issue.key, principal: issue.principal.qualifiedName,
            linesToAdd: isWritten ? nil : issue.linesToAdd)
    }

    /// Where a principal stands in the contents; `nil` if it is to be made.
    private func place(of request: KeyRequest, in contents: DirectoryContents) throws(DirectoryError) -> Int? {
        if case .tenant(let name) = request.owner, !contents.tenants.contains(where: { $0.name == name }) {
            throw DirectoryError(
                .unknownTenant, "there is no tenant \(name.quoted) in \(path)",
                suggestion: Spelling.nearest(to: name, among: contents.tenants.lazy.map(\.name))
                    .map { "did you mean \($0.quoted)?" })
        }
        let siblings = contents.principals.indices.filter { contents.principals[$0].owner == request.owner }
        guard let place = siblings.first(where: { contents.principals[$0].name == request.principal }) else {
            if request.classesOfNewPrincipal != nil { return nil }
            let nearest = Spelling.nearest(
                to: request.principal, among: siblings.lazy.map { contents.principals[$0].name })
            throw DirectoryError(
                .unknownPrincipal, "\(request.owner.label.quoted) has no principal \(request.principal.quoted)",
                suggestion: nearest.map { "did you mean \($0.quoted)?" }
                    ?? "add `--create-principal` to make it, with `--class` for each class it may claim")
        }
        if let classes = request.classesOfNewPrincipal, classes != contents.principals[place].classes {
            throw DirectoryError(
                .invalidRequest,
                "the principal \(contents.principals[place].qualifiedName.quoted) exists and has other classes",
                suggestion: "leave `--create-principal` out, or change its classes in \(path)")
        }
        return place
    }

    /// The secret under which the directory's keys are hashed; a new one only if the directory has no keys yet.
    private func secret(
        for document: DirectoryDocument, using generator: inout some RandomNumberGenerator
    ) throws(DirectoryError) -> DirectorySecret {
        if document.mentions.secrets.isEmpty { return try secretFile.readOrCreate(using: &generator) }
        let secret = try secretFile.read()
        let problems = secretProblems(of: document, secret: secret)
        guard let secret, problems.isEmpty else { throw DirectoryError(problems, in: document.file) }
        return secret
    }

    /// A key in the making.
    private struct Issue {
        let credential: Credential
        let key: APIKey
        let principal: Principal
        let isNewPrincipal: Bool

        init(
            _ request: KeyRequest, in contents: DirectoryContents, at place: Int?, secret: DirectorySecret,
            now: WallTime, using generator: inout some RandomNumberGenerator
        ) {
            let tenant = contents.tenants.first { .tenant($0.name) == request.owner }
            credential = Credential(for: tenant?.environment ?? .live, using: &generator)
            var id = APIKey.randomID(using: &generator)
            while contents.principals.contains(where: { $0.keys.contains { $0.id == id } }) {
                id = APIKey.randomID(using: &generator)
            }
            key = APIKey(
                id: id, hash: secret.authenticator.hash(of: credential), created: Timestamp.wholeSeconds(now),
                expires: request.expires, label: request.label)
            var principal =
                place.map { contents.principals[$0] }
                ?? Principal(
                    owner: request.owner, name: request.principal, classes: request.classesOfNewPrincipal ?? [])
            principal.keys.append(key)
            self.principal = principal
            isNewPrincipal = place == nil
        }

        /// Where the entry goes, and what it is.
        private var edit: (path: [SourceEditor.Step], entry: SourceEditor.Entry) {
            let owner = principal.owner.path
            if isNewPrincipal { return (owner, .pair(Fragment.Pair(principal.name, Fragment(principal)))) }
            return (owner + [.key(principal.name), .key("keys")], .item(Fragment(key)))
        }

        func update(_ contents: DirectoryContents, at place: Int?) -> Update {
            var after = contents
            if let place { after.principals[place] = principal } else { after.principals.append(principal) }
            return Update(entry: edit.entry, path: edit.path, contents: after)
        }

        var linesToAdd: String {
            let fragment = SourceEditor.fragment(edit.entry, at: edit.path[...])
            return (fragment?.lines ?? []).map { $0 + "\n" }.joined()
        }
    }
}
