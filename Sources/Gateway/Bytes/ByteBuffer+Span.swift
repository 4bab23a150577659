internal import NIOCore

extension ByteBuffer {
    /// Empties the buffer to be filled again, and keeps its memory if that is worth keeping.
    ///
    /// While somebody else shares the storage, for instance a socket that has not taken all of it, this gets new storage.
    ///
    /// - Parameter retainedBytesMax: a larger storage is given back to the system.
    mutating func recycle(retainedBytesMax: Int) {
        if storageCapacity > retainedBytesMax { self = ByteBuffer() } else { clear() }
    }

    /// Appends bytes.
    mutating func writeSpan(_ bytes: Span<UInt8>) {
        // SAFETY: a byte has no padding, so each one of them is initialised.
        unsafe writeBytes(bytes.bytes)
    }
}
