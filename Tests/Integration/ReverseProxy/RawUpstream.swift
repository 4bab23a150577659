import NIOCore
import NIOPosix

/// An upstream on a real socket that does what a test says with each connection.
final class RawUpstream: Sendable {
    /// The port on 127.0.0.1.
    let port: Int

    /// Its address as the server is told it.
    var address: String { "http://127.0.0.1:\(port)" }

    private typealias Channels = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private init(port: Int) { self.port = port }

    /// One connection.
    final class Connection {
        private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        /// What has arrived and was not taken.
        private(set) var pending: [UInt8] = []

        fileprivate init(
            inbound: NIOAsyncChannelInboundStream<ByteBuffer>, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) {
            self.inbound = inbound.makeAsyncIterator()
            self.outbound = outbound
        }

        /// Sends bytes, as fast as they are taken.
        func write(_ bytes: some Sequence<UInt8>) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

        /// Sends a text.
        func write(_ text: String) async throws { try await write(text.utf8) }

        /// Reads bytes as they come; `nil` at the end.
        func readBytes() async throws -> [UInt8]? {
            if !pending.isEmpty {
                defer { pending = [] }
                return pending
            }
            return try await inbound.next(isolation: #isolation).map { Array($0.readableBytesView) }
        }

        /// Reads the next head, to its empty line; `nil` at the end.
        func readHead() async throws -> String? {
            while true {
                let text = String(decoding: pending, as: UTF8.self)
                if let end = text.firstRange(of: "\r\n\r\n") {
                    let head = String(text[..<end.upperBound])
                    pending.removeFirst(head.utf8.count)
                    return head
                }
                guard let bytes = try await inbound.next(isolation: #isolation) else { return nil }
                pending += bytes.readableBytesView
            }
        }

        /// Reads a number of bytes.
        func read(_ count: Int) async throws -> [UInt8] {
            while pending.count < count, let bytes = try await inbound.next(isolation: #isolation) {
                pending += bytes.readableBytesView
            }
            defer { pending.removeFirst(min(count, pending.count)) }
            return Array(pending.prefix(count))
        }

        /// Says that nothing more will be sent.
        func finish() { outbound.finish() }
    }

    /// Listens while the body runs.
    ///
    /// - Parameters:
    ///   - script: what is done with each connection, which is closed behind it.
    ///   - body: what runs meanwhile.
    /// - Throws: what the body throws.
    static func with(
        _ script: @escaping @Sendable (Connection) async throws -> Void, _ body: (RawUpstream) async throws -> Void
    ) async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 4_096)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Channels(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        async let serving: Void = serve(server, script)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(RawUpstream(port: server.channel.localAddress?.port ?? 0)))
        } catch {
            outcome = .failure(error)
        }
        try? await server.channel.close()
        try await serving
        try outcome.get()
    }

    private static func serve(
        _ server: NIOAsyncChannel<Channels, Never>, _ script: @escaping @Sendable (Connection) async throws -> Void
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { connections in
                for try await connection in connections {
                    group.addTask {
                        try? await connection.executeThenClose { inbound, outbound in
                            try await script(Connection(inbound: inbound, outbound: outbound))
                        }
                    }
                }
            }
            group.cancelAll()
        }
    }

    /// Answers each request with the same answer, whatever its body.
    static func answering(_ answer: String) -> @Sendable (Connection) async throws -> Void {
        { connection in
            while let head = try await connection.readHead() {
                if let match = head.firstMatch(of: /Content-Length: ([0-9]+)/), let count = Int(match.1) {
                    _ = try await connection.read(count)
                }
                try await connection.write(answer)
            }
        }
    }

    /// A whole answer.
    static let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
}
