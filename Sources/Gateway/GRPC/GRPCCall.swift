package import NIOCore

/// One gRPC call: which method, with which message.
///
/// It cannot be copied, because it keeps a whole receive buffer alive.
package struct GRPCCall: ~Copyable {
    /// What is called.
    package let method: GRPCMethod
    /// The message, without gRPC's prefix.
    package let message: ByteBuffer
    /// What the call's metadata says of the gateway that makes it, if that stands there once.
    package let gatewayToken: String?

    /// Joins what was called and with what.
    init(method: GRPCMethod, message: ByteBuffer, gatewayToken: String?) {
        self.method = method
        self.message = message
        self.gatewayToken = gatewayToken
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
