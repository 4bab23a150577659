#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#else
    internal import Musl
#endif

/// An open file, closed exactly once: when the value ends.
struct OpenFile: ~Copyable {
    /// The path it was opened under, for messages.
    let path: String
    private let descriptor: CInt

    /// How to open.
    enum Mode {
        /// To read what is there.
        case reading
        /// To read what is there and to lock others out.
        case updating
        /// To write a file that must not be there yet, for its owner only.
        case creating
        /// To synchronise a folder.
        case folder
    }

    /// What the file system says of a file.
    struct Status {
        /// The device it is on and its number there: two paths with one identity are one file.
        let identity: [UInt64]
        /// The permission bits.
        let permissions: mode_t
        /// Who owns it.
        let owner: uid_t
        /// Which group it belongs to.
        let group: gid_t
        /// Its size in bytes.
        let byteCount: Int
        /// When what stands in it was changed last, and when anything about it, in seconds and nanoseconds.
        let times: [Int]
        /// Whether it is a file, and no folder, pipe or device.
        let isRegular: Bool

        fileprivate init(_ status: stat) {
            identity = [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
            permissions = mode_t(status.st_mode) & 0o7777
            owner = status.st_uid
            group = status.st_gid
            byteCount = Int(status.st_size)
            #if canImport(Darwin)
                let (content, all) = (status.st_mtimespec, status.st_ctimespec)
            #else
                let (content, all) = (status.st_mtim, status.st_ctim)
            #endif
            times = [Int(content.tv_sec), Int(content.tv_nsec), Int(all.tv_sec), Int(all.tv_nsec)]
            isRegular = mode_t(status.st_mode) & S_IFMT == S_IFREG
        }
    }

    /// Opens a file, and never waits for the other end of a pipe.
    init(_ path: String, _ mode: Mode) throws(SystemError) {
        let flags: CInt =
            switch mode {
            case .reading: O_RDONLY | O_NONBLOCK
            case .updating: O_RDWR | O_NONBLOCK
            case .creating: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
            case .folder: O_RDONLY | O_DIRECTORY
            }
        // SAFETY: the path is passed as a C string that lives for the call.
        descriptor = try repeated("open", path) { unsafe open(path, flags | O_CLOEXEC, 0o600) }
        self.path = path
    }

    deinit { _ = close(descriptor) }

    /// What the file system says of the open file.
    func status() throws(SystemError) -> Status {
        var status = stat()
        // SAFETY: the structure lives on this stack frame for the duration of the call, which fills it.
        _ = try repeated("look at", path) { unsafe fstat(descriptor, &status) }
        return Status(status)
    }

    /// What the file system says of the file that a path leads to now.
    static func status(of path: String) throws(SystemError) -> Status {
        var status = stat()
        // SAFETY: the structure lives on this stack frame for the duration of the call, which fills it.
        _ = try repeated("look at", path) { unsafe stat(path, &status) }
        return Status(status)
    }

    /// Waits until no other open file holds the lock, in this process or another, and takes it until
    /// the end of the value.
    func lock() throws(SystemError) {
        _ = try repeated("lock", path) { flock(descriptor, LOCK_EX) }
    }

    /// Reads all bytes of a file; of a larger one than `limit`, a little more than so many.
    ///
    /// - Throws: also for what is no file: a pipe or a device may have no end.
    func bytes(limit: Int) throws(SystemError) -> [UInt8] {
        guard try status().isRegular else { throw SystemError("read", "\(path), which is no file", number: EINVAL) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = try repeated("read", path) {
                // SAFETY: the buffer is as long as the number of bytes asked for and lives for the call.
                unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// Writes all bytes and waits until the disk has them.
    func write(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            written += try repeated("write", path) {
                // SAFETY: the buffer holds the bytes for the call; the offset is smaller than their number.
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe writeBytes(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
                }
            }
        }
        try synchronise()
    }

    /// Waits until the disk has everything.
    func synchronise() throws(SystemError) {
        _ = try repeated("synchronise", path) { fsync(descriptor) }
    }

    /// Gives the file permissions and a group, and an owner where the process may do that.
    func adopt(_ status: Status) throws(SystemError) {
        let own = try self.status()
        if own.owner != status.owner { _ = fchown(descriptor, status.owner, gid_t.max) }
        if own.group != status.group {
            _ = try repeated("give a group to", path) { fchown(descriptor, uid_t.max, status.group) }
        }
        _ = try repeated("set the permissions of", path) { fchmod(descriptor, status.permissions) }
    }
}

/// `write(2)`, under a name that `OpenFile.write` does not hide.
private func writeBytes(_ descriptor: CInt, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
    // SAFETY: the caller gives a readable buffer of `count` bytes.
    unsafe write(descriptor, start, count)
}

/// Calls until a signal does not interrupt the call; a negative result is an error.
private func repeated<Result: SignedInteger>(
    _ operation: String, _ path: String, _ call: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = call()
        if result >= 0 { return result }
        let error = SystemError(operation, path)
        if error.number != EINTR { throw error }
    }
}
