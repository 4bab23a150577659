/// What tells whether a file may have changed: identity, size and times.
package struct FileStamp: Hashable, Sendable {
    private let identity: [UInt64]
    private let byteCount: Int
    private let times: [Int]

    /// Looks at the file that a path leads to; `nil` if there is none, or it cannot be seen.
    package init?(path: String) {
        guard let status = try? OpenFile.status(of: path) else { return nil }
        (identity, byteCount, times) = (status.identity, status.byteCount, status.times)
    }
}
