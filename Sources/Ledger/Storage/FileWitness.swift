#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Which files stand at the paths of an open ledger: a file that was removed or replaced goes on for who has it open,
/// and what is appended to it is gone when it is closed.
final class FileWitness: Sendable {
    private let path: String
    private let file: Identity?

    /// A file, by its device and its number there.
    private struct Identity: Hashable {
        let device: UInt64
        let number: UInt64
    }

    /// Looks at the file that was just opened.
    init(path: String) {
        self.path = path
        file = FileWitness.identity(path)
    }

    /// Looks again.
    ///
    /// - Throws: `replaced`. Where the file was only moved and comes back, the next look finds it.
    /// - Complexity: one system call.
    func check() throws(LedgerError) {
        guard FileWitness.identity(path) != file else { return }
        let isGone = FileWitness.identity(path) == nil
        throw LedgerError(
            .replaced,
            "\(path) was \(isGone ? "removed" : "replaced by another file") while it was open; nothing is appended: "
                + "put the file back, with its -wal, or stop this process and restore the ledger from a copy")
    }

    private static func identity(_ path: String) -> Identity? {
        var status = stat()
        // SAFETY: the path is passed as a copy that ends with a zero, and the structure lives for the call.
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Identity(
            device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(truncatingIfNeeded: status.st_ino))
    }
}
