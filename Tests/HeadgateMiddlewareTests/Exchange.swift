import HTTPTypes
import HeadgateClient
import HeadgateMiddleware
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

/// One request to a service with the middleware, without sockets.
struct Exchange {
    private let router = Router()

    /// A service with one route, `/things/{thing}`, behind a source.
    init(
        _ source: ScriptedSource,
        handler: @escaping @Sendable (Request, BasicRequestContext) async throws -> Response
    ) {
        router.add(middleware: HeadgateMiddleware(source))
        router.on("/things/{thing}", method: .get) { try await handler($0, $1) }
    }

    /// Sends a request; the body of its answer is not written yet.
    func respond(
        _ path: String = "/things/1", fields: HTTPFields = HTTPFields(),
        body: RequestBody = RequestBody(buffer: ByteBuffer())
    ) async throws -> Response {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "service", path: path, headerFields: fields)
        let source = ApplicationRequestContextSource(
            channel: NIOAsyncTestingChannel(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await router.buildResponder()
            .respond(to: Request(head: head, body: body), context: BasicRequestContext(source: source))
    }
}

/// Takes the body of an answer, or fails as a connection does that has gone.
struct CollectingWriter: ResponseBodyWriter {
    /// What was written, and whether the end was.
    final class Content: Sendable {
        private let state = Mutex<(bytes: ByteBuffer, isFinished: Bool)>((ByteBuffer(), false))

        /// The text so far.
        var text: String { state.withLock { String(buffer: $0.bytes) } }
        /// Whether the end was written.
        var isFinished: Bool { state.withLock { $0.isFinished } }

        func append(_ buffer: ByteBuffer) {
            state.withLock { state in
                var buffer = buffer
                state.bytes.writeBuffer(&buffer)
            }
        }

        func finish() { state.withLock { $0.isFinished = true } }
    }

    /// The connection has gone.
    struct Gone: Error {}

    /// What was written.
    let content = Content()
    /// Whether writing fails.
    var hasGone = false
    /// Called with each part.
    var whenWritten: @Sendable () -> Void = {}

    mutating func write(_ buffer: ByteBuffer) async throws {
        guard !hasGone else { throw Gone() }
        content.append(buffer)
        whenWritten()
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        guard !hasGone else { throw Gone() }
        content.finish()
    }
}
