#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#else
    internal import Musl
#endif

/// What a file held when it was read, and who may read it.
package struct FileReading: Sendable {
    /// The path it was read under, for messages.
    package let path: String
    /// All of it.
    package let bytes: [UInt8]
    /// The permission bits.
    package let permissions: UInt32

    /// Reads a file that is small.
    ///
    /// - Throws: what the system says; and when the file is larger than `byteCountMax`, or is none.
    package init(_ path: String, byteCountMax: Int) throws(SystemError) {
        let file = try OpenFile(path, .reading)
        permissions = UInt32(try file.status().permissions)
        bytes = try file.bytes(limit: byteCountMax)
        self.path = path
        guard bytes.count <= byteCountMax else { throw SystemError("read", path, number: EFBIG) }
    }

    /// States what was read.
    package init(path: String, bytes: [UInt8], permissions: UInt32 = 0o600) {
        self.path = path
        self.bytes = bytes
        self.permissions = permissions
    }

    /// Whether others than the owner and its group may do anything with the file, or the group more than read it.
    ///
    /// The group may read, because that is how a cluster mounts a secret.
    package var isOpenToOthers: Bool { permissions & 0o037 != 0 }

    /// The permission bits as `chmod` takes them.
    package var mode: String { String(permissions, radix: 8) }
}
