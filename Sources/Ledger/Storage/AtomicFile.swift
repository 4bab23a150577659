internal import Foundation
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file that is there as a whole or not at all, and on the disk when the call returns.
enum AtomicFile {
    /// Writes a file beside its place, asks the disk to keep it, and moves it there.
    static func write(_ bytes: [UInt8], to path: String, permissions: Int) throws {
        let draft = path + ".new"
        try? FileManager.default.removeItem(atPath: draft)
        guard
            FileManager.default.createFile(
                atPath: draft, contents: nil, attributes: [.posixPermissions: permissions])
        else { throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: draft]) }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: draft))
        try file.write(contentsOf: Data(bytes))
        try file.synchronize()
        try file.close()
        // SAFETY: the paths are passed as null-terminated copies that live as long as the call.
        guard unsafe rename(draft, path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        try synchronizeFolder(of: path)
    }

    /// A rename is on the disk when the folder is.
    private static func synchronizeFolder(of path: String) throws {
        let folder = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: path).deletingLastPathComponent())
        defer { try? folder.close() }
        guard fsync(folder.fileDescriptor) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
