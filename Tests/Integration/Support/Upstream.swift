import NIOCore
import NIOPosix
import Synchronization

/// The application behind the proxies: answers 200 to everything and remembers what reached it.
///
/// Its answers also claim things that only Headgate may say, as a careless application might.
final class Upstream: Sendable {
    /// The port on 127.0.0.1.
    let port: Int
    private let requests = Mutex<[HTTPMessage]>([])

    /// The body of every answer.
    static let body = "the application's answer\n"
    /// What the application's answers claim.
    static let forgery = "forged-by-the-application"

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private init(port: Int) { self.port = port }

    /// Takes out the requests that have arrived since the last time.
    func received() -> [HTTPMessage] {
        requests.withLock { requests in
            defer { requests = [] }
            return requests
        }
    }

    /// Listens while the body runs.
    static func with<Result: Sendable>(
        port: Int, _ body: (Upstream) async throws -> Result
    ) async throws -> Result {
        let upstream = Upstream(port: port)
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
        async let serving: Void = upstream.serve(server)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(upstream))
        } catch {
            outcome = .failure(error)
        }
        try? await server.channel.close()
        try await serving
        return try outcome.get()
    }

    private func serve(_ server: NIOAsyncChannel<Connection, Never>) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { connections in
                for try await connection in connections {
                    group.addTask { try? await self.serve(connection) }
                }
            }
            group.cancelAll()
        }
    }

    private func serve(_ connection: Connection) async throws {
        let answer = """
            HTTP/1.1 200 OK\r
            Content-Type: text/plain\r
            Content-Length: \(Upstream.body.utf8.count)\r
            Headgate-Reason: \(Upstream.forgery)\r
            Headgate-Tenant: \(Upstream.forgery)\r
            RateLimit: "\(Upstream.forgery)";r=1000000;t=1\r
            \r
            \(Upstream.body)
            """
        try await connection.executeThenClose { inbound, outbound in
            var reader = HTTPMessageReader()
            for try await chunk in inbound {
                reader.append(chunk.readableBytesView)
                while let request = try reader.next() {
                    requests.withLock { $0.append(request) }
                    try await outbound.write(ByteBuffer(string: answer))
                }
            }
        }
    }
}
