/// The file that holds a directory's secret: 64 hexadecimal digits, for its owner only.
package struct SecretFile: Sendable {
    /// Where it is.
    let path: String

    /// Names a file.
    package init(path: String) { self.path = path }

    /// Longer than any secret with white space around.
    private static let byteCountMax = 1_024

    /// The secret; `nil` if there is no file yet.
    ///
    /// - Throws: `secret` if the file cannot be read, is open to others, or holds no secret.
    func read() throws(DirectoryError) -> DirectorySecret? {
        let file: FileReading
        do {
            file = try FileReading(path, byteCountMax: Self.byteCountMax)
        } catch {
            if error.isMissingFile { return nil }
            throw DirectoryError(.secret, "\(error)")
        }
        guard !file.isOpenToOthers else {
            throw DirectoryError(
                .secret, "the secret \(path) is open to others (mode \(file.mode))", suggestion: "chmod 600 \(path)")
        }
        guard let secret = DirectorySecret(fileText: String(decoding: file.bytes, as: UTF8.self)) else {
            throw DirectoryError(
                .secret, "\(path) does not hold a directory's secret",
                suggestion: "restore it from a backup; without it the keys of the directory are lost")
        }
        return secret
    }

    /// The secret, made if there is none yet.
    ///
    /// - Throws: `secret` if what is there cannot be used, `unwritable` if none can be made.
    package func readOrCreate() throws(DirectoryError) -> DirectorySecret {
        var generator = SystemRandomNumberGenerator()
        return try readOrCreate(using: &generator)
    }

    /// The secret, made if there is none yet.
    ///
    /// Of two processes that make one at once, one wins, and both then have that one.
    func readOrCreate(using generator: inout some RandomNumberGenerator) throws(DirectoryError) -> DirectorySecret {
        if let secret = try read() { return secret }
        let secret = DirectorySecret(using: &generator)
        do {
            if try FileStore.create(path, with: Array(secret.fileText.utf8)) { return secret }
        } catch {
            throw DirectoryError(.unwritable, "\(error)")
        }
        guard let other = try read() else {
            throw DirectoryError(.secret, "the secret \(path) comes and goes", suggestion: "try again")
        }
        return other
    }
}
