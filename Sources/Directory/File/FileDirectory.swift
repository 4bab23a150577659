package import Policy

/// A directory kept in a YAML file, with its secret in a file beside it.
///
/// People edit the file and review its changes; commands put keys into it without touching anything else. Readers need
/// no lock: a file is replaced as a whole.
package struct FileDirectory: DirectorySource {
    /// Where the directory is.
    package let path: String
    /// Where the secret is.
    let secretFile: SecretFile

    /// The variable of the environment that names the secret's file, where it is not beside the directory.
    package static let secretVariable = "HEADGATE_DIRECTORY_SECRET_FILE"
    /// The largest file, in bytes: about 250,000 principals with a key each, far more than anybody reviews.
    package static let byteCountMax = 64 << 20

    /// Names the files.
    ///
    /// - Parameters:
    ///   - path: where the directory is.
    ///   - environment: the process's environment, which may name the secret's file; by default it is `PATH.secret`.
    package init(path: String, environment: [String: String] = [:]) {
        self.path = path
        let named = environment[Self.secretVariable].flatMap { $0.isEmpty ? nil : $0 }
        secretFile = SecretFile(path: named ?? path + ".secret")
    }

    /// Where the secret is.
    package var secretPath: String { secretFile.path }

    /// Reads the directory and its secret.
    ///
    /// - Throws: `unreadable`, `invalid` with all diagnostics, or `secret`.
    /// - Complexity: O(n log n).
    package func load() throws(DirectoryError) -> DirectorySnapshot {
        let document = try read()
        let contents = try document.usableContents()
        let secret = try secretFile.read()
        let problems = secretProblems(of: document, secret: secret)
        guard problems.isEmpty else { throw DirectoryError(problems, in: document.file) }
        return DirectorySnapshot(contents, authenticator: secret?.authenticator, mentions: document.mentions)
    }

    package func text(_ diagnostics: [Diagnostic], isColoured: Bool) -> String {
        let file = (try? read())?.file ?? SourceFile(name: path, text: "")
        return DiagnosticRenderer(files: [file], isColoured: isColoured).text(diagnostics)
    }

    /// Reads the file, whatever is in it.
    ///
    /// - Throws: `unreadable`.
    func read() throws(DirectoryError) -> DirectoryDocument {
        let file: OpenFile
        do { file = try OpenFile(path, .reading) } catch { throw unreadable(error) }
        return try document(of: file)
    }

    /// Reads an open file, whatever is in it.
    ///
    /// - Throws: `unreadable`.
    func document(of file: borrowing OpenFile) throws(DirectoryError) -> DirectoryDocument {
        let bytes: [UInt8]
        do { bytes = try file.bytes(limit: Self.byteCountMax) } catch { throw unreadable(error) }
        guard bytes.count <= Self.byteCountMax else {
            throw DirectoryError(.unreadable, "\(path) is larger than \(Self.byteCountMax >> 20) MiB")
        }
        return DirectoryDocument(reading: SourceFile(name: path, bytes: bytes))
    }

    /// The error for a file that cannot be read.
    func unreadable(_ error: SystemError) -> DirectoryError {
        DirectoryError(
            .unreadable, "\(error)",
            suggestion: error.isMissingFile
                ? "a directory begins with `headgate-directory: 1`, then `tenants:` and a line like "
                    + "`  acme: { plan: starter }`"
                : nil)
    }

    /// Keys that the secret at hand cannot check: one diagnostic for each secret they were hashed under.
    func secretProblems(of document: DirectoryDocument, secret: DirectorySecret?) -> [Diagnostic] {
        let own = secret.map { KeyHash.text(ofFingerprint: $0.authenticator.fingerprint) }
        let state = own.map { "\(secretPath) holds \($0)" } ?? "\(secretPath) does not exist"
        var log = DiagnosticLog()
        for mention in document.mentions.secrets where mention.name != own {
            let keys = mention.count == 1 ? "this key was" : "\(mention.count) keys, the first one here, were"
            log.error(
                .wrongSecret, "\(keys) hashed under the secret \(mention.name), but \(state)", at: mention.span,
                suggestion: "put the right secret there, or name its file in \(Self.secretVariable)")
        }
        return log.diagnostics
    }
}

extension DirectoryDocument {
    /// What the file says.
    ///
    /// - Throws: `invalid` if it has errors.
    func usableContents() throws(DirectoryError) -> DirectoryContents {
        guard let contents else { throw DirectoryError(diagnostics, in: file) }
        return contents
    }
}
