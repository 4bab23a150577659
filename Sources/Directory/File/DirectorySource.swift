package import Policy

/// Where a directory comes from: today a file, later the ledger.
package protocol DirectorySource: Sendable {
    /// Reads the directory as it is now.
    ///
    /// - Throws: what is wrong with it, all at once.
    func load() throws(DirectoryError) -> DirectorySnapshot

    /// Diagnostics whose spans point into what `load` read, for people.
    func text(_ diagnostics: [Diagnostic], isColoured: Bool) -> String
}
