package import Policy
internal import Vocabulary

/// What a check of a directory found.
package struct DirectoryCheck: Sendable {
    /// Everything that is wrong or doubtful, in the order of the file.
    package let diagnostics: [Diagnostic]
    /// The file that the diagnostics speak of.
    package let file: SourceFile
    /// How much there is; `nil` if the file has errors.
    package let counts: Counts?

    /// How much a directory holds.
    package struct Counts: Hashable, Sendable {
        /// Tenants.
        package let tenants: Int
        /// Principals.
        package let principals: Int
        /// Keys, the dead ones included.
        package let keys: Int
    }

    /// Whether the directory can be served.
    package var isUsable: Bool { !diagnostics.containsErrors }
}

extension FileDirectory {
    /// Says all that is wrong with the directory, by itself and against a policy if one is given.
    ///
    /// A secret that is not there is a warning: a check in a pipeline has the file and not the secret. The wrong secret
    /// is an error.
    ///
    /// - Throws: `unreadable`, or `secret` if there is one that cannot be used.
    package func check(against policy: Snapshot? = nil) throws(DirectoryError) -> DirectoryCheck {
        let document = try read()
        guard let contents = document.contents else {
            return DirectoryCheck(diagnostics: document.diagnostics, file: document.file, counts: nil)
        }
        let secret = try secretFile.read()
        var diagnostics = document.diagnostics
        diagnostics += secretProblems(of: document, secret: secret).map { problem in
            Diagnostic(
                secret == nil ? .warning : .error, problem.code, problem.message, at: problem.span,
                suggestion: problem.suggestion)
        }
        let snapshot = DirectorySnapshot(contents, authenticator: nil, mentions: document.mentions)
        if let policy {
            // The names are only resolved, not kept: any key of the hash will do.
            diagnostics += DirectoryBinding.bind(snapshot, to: policy, hash: KeyedHash(key: (0, 0))).diagnostics
        }
        let counts = DirectoryCheck.Counts(
            tenants: snapshot.tenants.count, principals: snapshot.principals.count, keys: snapshot.keyCount)
        return DirectoryCheck(diagnostics: diagnostics.inOrder(), file: document.file, counts: counts)
    }
}
