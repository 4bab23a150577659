import NIOCore
import NIOHTTP2
import NIOPosix

/// What the machine gives a server that does nothing: the other end of the scale that ours is measured on.
///
///     bare-server http PORT       a constant answer on the bytes of a connection, no HTTP parsed
///     bare-server http2 PORT      a constant gRPC answer on the frames of HTTP/2, no message decoded
@main
struct BareServer {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let port = Int(arguments[2]), ["http", "http2"].contains(arguments[1]) else {
            print("usage: bare-server http|http2 PORT")
            return
        }
        let isHTTP2 = arguments[1] == "http2"
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    guard isHTTP2 else { return try pipeline.addHandler(ConstantAnswer()) }
                    try pipeline.addHandler(NIOHTTP2Handler(mode: .server))
                    try pipeline.addHandler(ConstantCall())
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await channel.closeFuture.get()
    }
}
