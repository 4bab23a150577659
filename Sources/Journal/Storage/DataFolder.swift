internal import Foundation
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The data folder of one server, held against every other writer until it is released.
///
/// The lock is advisory (`flock`) and ends with the process, however it ends; readers do not take it.
package final class DataFolder: Sendable {
    /// The folder.
    package let path: String
    private let descriptor: Mutex<Int32?>

    /// The file of the journal.
    package var journalPath: String { DataFolder.journalPath(in: path) }
    /// The file of the usage store.
    package var usagePath: String { path + "/usage.sqlite" }
    /// The file of the record of use.
    package var consumptionPath: String { path + "/consumption.sqlite" }
    /// The file of the answer store.
    package var answersPath: String { path + "/answers.sqlite" }

    /// The file of the journal in a folder.
    static func journalPath(in folder: String) -> String { folder + "/journal.sqlite" }

    /// Makes the folder if need be, readable by its owner alone, and takes the lock.
    ///
    /// - Throws: `unavailable` when the folder cannot be made or written, `inUse` with the holder's process id.
    package init(path: String) throws(JournalError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw JournalError(
                .unavailable, "the data folder \(path) cannot be made; name a folder this user may create with --data",
                cause: DataFolder.systemError(behind: error))
        }
        descriptor = Mutex(try DataFolder.lock(path + "/writer.lock", folder: path))
    }

    deinit { release() }

    /// Lets other writers have the folder; a second call does nothing.
    func release() {
        guard let held = descriptor.withLock({ $0.take() }) else { return }
        // Closing alone would leave the lock to a child process that was forked and has not begun its program yet.
        _ = flock(held, LOCK_UN)
        _ = close(held)
    }

    private static func lock(_ lockPath: String, folder: String) throws(JournalError) -> Int32 {
        // SAFETY: the path is passed as a null-terminated copy that lives as long as the call.
        let descriptor = unsafe open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw JournalError(
                .unavailable, "the data folder \(folder) cannot be written; check its owner and permissions",
                cause: lastSystemError())
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let cause = lastSystemError()
            let holder = (try? String(contentsOfFile: lockPath, encoding: .utf8))?
                .trimmingCharacters(in: .whitespacesAndNewlines)
            _ = close(descriptor)
            let process = holder.flatMap { $0.isEmpty ? nil : "process \($0)" } ?? "another process"
            throw JournalError(
                .inUse,
                "\(process) already writes to the data folder \(folder); stop it, or give this server a folder of "
                    + "its own with --data", cause: cause)
        }
        announce(in: descriptor)
        return descriptor
    }

    /// Writes the process id for whoever finds the lock taken; the lock holds also where the disk has no room for it.
    private static func announce(in descriptor: Int32) {
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try? file.truncate(atOffset: 0)
        try? file.write(contentsOf: Data("\(ProcessInfo.processInfo.processIdentifier)\n".utf8))
    }

    /// What the system said; Foundation's own words for it name a number of its own.
    private static func systemError(behind error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        return (cause ?? error).localizedDescription
    }

    private static func lastSystemError() -> String {
        NSError(domain: NSPOSIXErrorDomain, code: Int(errno)).localizedDescription
    }
}
