import NIOCore
import NIOPosix

/// Ports on which nobody listens.
enum FreePort {
    /// Lets the kernel choose some.
    ///
    /// All stay bound until the last is found, so that they differ. Afterwards another program could take one; the
    /// process that was to have it then says so and ends, and the test fails with its words.
    static func find(_ count: Int) async throws -> [Int] {
        var channels: [any Channel] = []
        for _ in 0..<count {
            let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            channels.append(try await bootstrap.bind(host: "127.0.0.1", port: 0).get())
        }
        let ports = channels.compactMap { $0.localAddress?.port }
        for channel in channels { try await channel.close() }
        return ports
    }

    /// Whether something accepts connections.
    static func isOpen(_ port: Int) async -> Bool {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        guard let channel = try? await bootstrap.connect(host: "127.0.0.1", port: port).get() else { return false }
        try? await channel.close()
        return true
    }
}
