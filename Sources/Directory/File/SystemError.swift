#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#else
    internal import Musl
#endif

/// Something that the operating system refused to do with a file.
package struct SystemError: Error, Hashable {
    /// What was tried: "open", "write".
    package let operation: String
    /// On which file.
    package let path: String
    /// The number that the operating system gave (`errno`).
    package let number: CInt

    /// Takes the number of the call that has just failed.
    init(_ operation: String, _ path: String) {
        self.init(operation, path, number: errno)
    }

    /// States a failure.
    init(_ operation: String, _ path: String, number: CInt) {
        self.operation = operation
        self.path = path
        self.number = number
    }

    /// Whether the file is not there.
    package var isMissingFile: Bool { number == ENOENT || number == ENOTDIR }
    /// Whether the file is there already.
    var isExistingFile: Bool { number == EEXIST }
}

extension SystemError: CustomStringConvertible {
    /// "cannot open /etc/x: Permission denied".
    package var description: String {
        // SAFETY: strerror returns a C string that stays as it is until the next call in this thread.
        "cannot \(operation) \(path): \(unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)")"
    }
}
