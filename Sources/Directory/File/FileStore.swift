#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#else
    internal import Musl
#endif

/// The few things that the directory does with files, each all or nothing.
package enum FileStore {
    /// The path that a path leads to after all symbolic links.
    static func resolved(_ path: String) throws(SystemError) -> String {
        // SAFETY: with no buffer given, realpath returns a C string that belongs to us; it is copied and freed once.
        guard let resolved = unsafe realpath(path, nil) else { throw SystemError("find", path) }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Opens a file for an update and locks all others out who do the same.
    ///
    /// The lock is on the file itself, so nothing is left lying beside it. An update puts a new file in its place;
    /// whoever waited then holds the lock of a file that is gone, sees that and waits for the new one.
    static func locked(_ path: String) throws(SystemError) -> OpenFile {
        while true {
            let file = try OpenFile(path, .updating)
            try file.lock()
            if try OpenFile.status(of: path).identity == file.status().identity { return file }
        }
    }

    /// Puts bytes in the place of a file, which its owner alone can then read, whether there was one or not.
    package static func replacePrivately(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        try replace(path, with: bytes, like: nil)
    }

    /// Puts bytes in the place of a file, with its permissions; after a crash there is the old file or the new one.
    static func replace(_ path: String, with bytes: [UInt8], like status: OpenFile.Status?) throws(SystemError) {
        let folder = try OpenFile(folder(of: path), .folder)
        let temporary = try writeBeside(path, bytes, like: status)
        // SAFETY: both strings are passed as C strings that live for the call.
        guard unsafe rename(temporary, path) == 0 else {
            let error = SystemError("replace", path)
            remove(temporary)
            throw error
        }
        try folder.synchronise()
    }

    /// Makes a file that only its owner can read, unless there is one: then that one stays and the result is false.
    static func create(_ path: String, with bytes: [UInt8]) throws(SystemError) -> Bool {
        let folder = try OpenFile(folder(of: path), .folder)
        let temporary = try writeBeside(path, bytes, like: nil)
        defer { remove(temporary) }
        // SAFETY: both strings are passed as C strings that live for the call.
        guard unsafe link(temporary, path) == 0 else {
            let error = SystemError("create", path)
            if error.isExistingFile { return false }
            throw error
        }
        try folder.synchronise()
        return true
    }

    private static func writeBeside(
        _ path: String, _ bytes: [UInt8], like status: OpenFile.Status?
    ) throws(SystemError) -> String {
        let temporary = path + "." + String(UInt64.random(in: .min ... .max), radix: 36) + ".new"
        let file = try OpenFile(temporary, .creating)
        do {
            if let status { try file.adopt(status) }
            try file.write(bytes)
        } catch {
            remove(temporary)
            throw error
        }
        return temporary
    }

    /// Removes a file that this process has made; if that fails, it stays, which harms nobody.
    private static func remove(_ path: String) {
        // SAFETY: the string is passed as a C string that lives for the call.
        _ = unsafe unlink(path)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
