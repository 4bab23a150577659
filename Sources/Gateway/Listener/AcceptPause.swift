internal import Glibc
internal import NIOCore

/// Stops accepting for a second when the system has no file or no memory for another connection.
///
/// NIO's own `AcceptBackoffHandler` only holds back the next wish to read. The one that failed is still registered, the
/// connection that waits keeps the socket readable, and the event loop would try again at once, for ever.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    /// How long; NIO's handler waits as long.
    static var length: TimeAmount { .seconds(1) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError, AcceptPause.isExhaustion(error.errnoCode) { pause(context) }
        context.fireErrorCaught(error)
    }

    private func pause(_ context: ChannelHandlerContext) {
        let options = context.channel.syncOptions
        // A channel that is being closed has no options any more, and accepts nothing either.
        try? options?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: AcceptPause.length) {
            try? options?.setOption(.autoRead, value: true)
        }
    }

    /// Whether time helps: files of the process and of the system, buffers, memory.
    private static func isExhaustion(_ code: CInt) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
    }
}
