@testable import Gateway

extension ByteWriter {
    /// What has been written, as an array of its own.
    var copy: [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] } } }
}
