import NIOCore
import NIOPosix

/// Clients that keep their connections busy with as little as they can.
struct SlowClients {
    private let channels: [any Channel]

    /// What they do.
    enum Kind: CaseIterable {
        /// They send a head, but for its end.
        case heads
        /// They close their end behind the request, and keep the other open.
        case halfClosed
        /// They say nothing at all.
        case silent
        /// They send requests without a key and with a body that never comes.
        case bodies
        /// They send requests that are admitted, and hardly anything of their bodies.
        case admittedBodies
    }

    /// Connects some of each kind.
    static func connect(to port: Int, count: Int, key: String) async throws -> SlowClients {
        var channels: [any Channel] = []
        for _ in 0..<count {
            for kind in Kind.allCases {
                let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .channelOption(.allowRemoteHalfClosure, value: true)
                    .channelOption(.autoRead, value: false)
                    .connect(host: "127.0.0.1", port: port).get()
                channels.append(channel)
                try await begin(kind, channel, key)
            }
        }
        return SlowClients(channels: channels)
    }

    private static func begin(_ kind: Kind, _ channel: any Channel, _ key: String) async throws {
        let head = "GET /t/a HTTP/1.1\r\nHost: a\r\nX-API-Key: \(key)\r\n"
        switch kind {
        case .heads: try await channel.writeAndFlush(ByteBuffer(string: head))
        case .halfClosed:
            try await channel.writeAndFlush(ByteBuffer(string: head + "\r\n"))
            try await channel.close(mode: .output)
        case .silent: break
        case .bodies:
            try await channel.writeAndFlush(
                ByteBuffer(string: "POST /t/a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx"))
        case .admittedBodies:
            let head = "POST /t/a HTTP/1.1\r\nHost: a\r\nX-API-Key: \(key)\r\nContent-Length: 100\r\n\r\n"
            try await channel.writeAndFlush(ByteBuffer(string: head + "x"))
        }
    }

    /// Closes all of them.
    func close() async { for channel in channels { try? await channel.close() } }
}
