import NIOCore
import NIOPosix
import NIOSSL

/// Sends requests exactly as they are written, each over a connection of its own.
struct HTTPClient: Sendable {
    /// The port on 127.0.0.1.
    let port: Int
    /// What it speaks TLS with; `nil`: nothing.
    var tls: NIOSSLContext?

    /// Sends a request and reads the answer.
    ///
    /// - Throws: when the connection fails, ends early or brings no whole answer within ten seconds.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.addTLS(tls)
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let alarm = channel.channel.eventLoop.scheduleTask(in: .seconds(10)) {
            channel.channel.close(promise: nil)
        }
        defer { alarm.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request.bytes))
            var reader = HTTPMessageReader(answersTo: request.method)
            for try await chunk in inbound {
                reader.append(chunk.readableBytesView)
                if let message = try reader.next() { return try HTTPResponse(message) }
            }
            guard let message = try reader.next(atEnd: true) else {
                throw HTTPMessageReader.Malformed(what: "a connection that ended without an answer")
            }
            return try HTTPResponse(message)
        }
    }
}

extension Channel {
    /// Lets a connection to this machine speak TLS, if there is something to speak it with.
    func addTLS(_ context: NIOSSLContext?) throws {
        guard let context else { return }
        try pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: "localhost"))
    }
}
