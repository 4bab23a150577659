import NIOCore
import NIOPosix
import Synchronization

/// Stands where a server is expected and answers as the test says: what no real server does on demand.
final class StubServer: Sendable {
    /// What becomes of a request.
    enum Answer: Sendable {
        /// A decision that admits.
        case admit
        /// These bytes.
        case bytes(String)
        /// None, and the connection is closed.
        case close
        /// None.
        case silence
    }

    /// What was seen.
    struct Counts: Sendable {
        /// Connections that were opened.
        var opened = 0
        /// Connections that have ended.
        var closed = 0
        /// Requests.
        var requests: [HTTPMessage] = []
    }

    /// The port on 127.0.0.1.
    let port: Int
    private let answer: @Sendable (HTTPMessage) -> Answer
    private let state = Mutex(Counts())

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private init(port: Int, answer: @escaping @Sendable (HTTPMessage) -> Answer) {
        self.port = port
        self.answer = answer
    }

    /// What was seen so far.
    var counts: Counts { state.withLock { $0 } }

    /// Listens while the body runs.
    static func with(
        answering answer: @escaping @Sendable (HTTPMessage) -> Answer, _ body: (StubServer) async throws -> Void
    ) async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
        let stub = StubServer(port: server.channel.localAddress?.port ?? 0, answer: answer)
        async let serving: Void = stub.serve(server)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(stub))
        } catch {
            outcome = .failure(error)
        }
        try? await server.channel.close()
        try await serving
        try outcome.get()
    }

    private func serve(_ server: NIOAsyncChannel<Connection, Never>) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { connections in
                for try await connection in connections {
                    state.withLock { $0.opened += 1 }
                    group.addTask {
                        try? await self.serve(connection)
                        self.state.withLock { $0.closed += 1 }
                    }
                }
            }
            group.cancelAll()
        }
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var reader = HTTPMessageReader()
            for try await chunk in inbound {
                reader.append(chunk.readableBytesView)
                while let request = try reader.next() {
                    state.withLock { $0.requests.append(request) }
                    switch answer(request) {
                    case .admit: try await outbound.write(ByteBuffer(string: StubServer.admission))
                    case .bytes(let text): try await outbound.write(ByteBuffer(string: text))
                    case .close: return
                    case .silence: continue
                    }
                    if request["Connection"] == "close" { return }
                }
            }
        }
    }

    private static let admission = answer(
        #"{"decision":"admit","decisionId":"01J","reason":"borrowed","class":"work","tier":"critical"}"#)

    /// An answer of 200 with a body.
    static func answer(_ body: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
