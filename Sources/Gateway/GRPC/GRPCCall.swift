package import NIOCore
internal import NIOHPACK

/// One gRPC call: which method, with which message.
///
/// It cannot be copied, because it keeps a whole receive buffer alive.
package struct GRPCCall: ~Copyable {
    /// What is called.
    package let method: GRPCMethod
    /// The message, without gRPC's prefix.
    package let message: ByteBuffer
    private let metadata: HPACKHeaders

    /// Joins what was called and with what.
    init(method: GRPCMethod, message: ByteBuffer, metadata: HPACKHeaders) {
        self.method = method
        self.message = message
        self.metadata = metadata
    }

    /// The value of a field of the call's metadata, if it stands there once.
    package borrowing func value(ofFieldNamed lowercase: String) -> String? {
        let values = metadata[lowercase]
        return values.count == 1 ? values[0] : nil
    }
}

/// How a responder dealt with a gRPC call.
package enum GRPCAnswer: Sendable {
    /// The message of the answer stands in the writer.
    case written
    /// The call fails, with a sentence for whoever made it.
    case failed(GRPCStatus, String)
    /// The client is told the server's health now and whenever it changes.
    case watching(GRPCHealth)
}
