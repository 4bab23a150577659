internal import NIOCore

extension ByteBuffer {
    /// Empties the buffer to be filled again, and keeps its memory unless it is more than is worth keeping.
    ///
    /// While somebody else shares the storage, for instance a socket that has not taken all of it, this gets new
    /// storage.
    mutating func recycle(retainedBytesMax: Int) {
        if storageCapacity > retainedBytesMax { self = ByteBuffer() } else { clear() }
    }
}
