#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#else
    internal import Musl
#endif

/// What tells whether a file may have changed: identity, size and times.
package struct FileStamp: Hashable, Sendable {
    private let numbers: [Int64]

    /// Looks at the file that a path leads to; `nil` if there is none, or it cannot be seen.
    package init?(path: String) {
        var status = stat()
        // SAFETY: the path is passed as a copy that ends with a zero, and the structure lives for the call.
        guard unsafe stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let (changed, touched) = (status.st_mtimespec, status.st_ctimespec)
        #else
            let (changed, touched) = (status.st_mtim, status.st_ctim)
        #endif
        numbers = [
            Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino),
            Int64(status.st_size), Int64(changed.tv_sec), Int64(changed.tv_nsec), Int64(touched.tv_sec),
            Int64(touched.tv_nsec),
        ]
    }
}
