internal import HummingbirdCore
internal import Policy
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// Between HTTP and the desk: reads the body within its bound, and writes answers and problems.
struct ControlResponder: HTTPResponder {
    /// Who answers.
    let desk: Desk
    /// Whether the listener speaks TLS.
    let isSecure: Bool
    /// The requests that are being answered.
    let turns: Turns

    func respond(to request: Request, context: ControlContext) async throws -> Response {
        guard turns.begin() else {
            return response(Problem(.serviceUnavailable, "stopping", "the server is about to stop"))
        }
        defer { turns.end() }
        do throws(Problem) {
            return try await answer(request, context)
        } catch {
            return response(error)
        }
    }

    private func answer(_ request: Request, _ context: ControlContext) async throws(Problem) -> Response {
        let target = request.head.path ?? "/"
        let path = target.prefix { $0 != "?" }
        switch desk.table.match(request.method, path: path) {
        case .nothing: throw Problem(.notFound, "unknown", "there is nothing at this path")
        case .otherMethods(let methods):
            var problem = Problem(.methodNotAllowed, "method_not_allowed", "this path has other methods")
            problem.fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")
            throw problem
        case .route(let route, let parameters):
            let arrival = Arrival(
                method: request.method, target: target, fields: request.headers,
                bytes: try await bytes(of: request, atMost: route.bodyBytesMax), address: context.address,
                isSecure: isSecure)
            return response(try await desk.answer(arrival, route, parameters))
        }
    }

    private func bytes(of request: Request, atMost max: Int) async throws(Problem) -> [UInt8] {
        var request = request
        do {
            return Array(buffer: try await request.collectBody(upTo: max))
        } catch {
            throw Problem(.contentTooLarge, "too_large", "the body has more than \(max) bytes, or has not come whole")
        }
    }

    private func response(_ reply: Reply) -> Response {
        var fields = reply.fields
        if let version = reply.version { fields[.eTag] = "\"\(version)\"" }
        switch reply.body {
        case .json(let value): return response(reply.status, fields, "application/json", value.document)
        case .text(let text, let type): return response(reply.status, fields, type, text)
        case .pieces(let pieces, let type):
            var fields = guarded(fields)
            fields[.contentType] = type
            return Response(status: reply.status, headers: fields, body: body(pieces))
        case .none: return Response(status: reply.status, headers: guarded(fields), body: .init())
        }
    }

    /// Sends pieces as the client takes them; a stop of the server waits for the last.
    private func body(_ pieces: Pieces) -> ResponseBody {
        ResponseBody { [turns] writer in
            guard turns.begin() else { throw CancellationError() }
            defer { turns.end() }
            var piece = pieces.first
            while let text = piece {
                try await writer.write(ByteBuffer(string: text))
                piece = try pieces.next()
            }
            try await writer.finish(nil)
        }
    }

    private func response(_ problem: Problem) -> Response {
        response(problem.status, problem.fields, "application/problem+json", problem.json.document)
    }

    private func response(
        _ status: HTTPResponse.Status, _ fields: HTTPFields, _ type: String, _ text: String
    ) -> Response {
        var fields = guarded(fields)
        fields[.contentType] = type
        return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// What every answer says: nobody keeps it, nobody guesses another type.
    private func guarded(_ fields: HTTPFields) -> HTTPFields {
        var fields = fields
        fields[.cacheControl] = "no-store"
        fields[.xContentTypeOptions] = "nosniff"
        return fields
    }
}

/// Counts the requests that are being answered, so that a stop waits for them.
final class Turns: Sendable {
    private let state = Mutex(State())

    private struct State {
        var count = 0
        var isEnding = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// Whether one more may begin.
    func begin() -> Bool {
        state.withLock { state in
            guard !state.isEnding else { return false }
            state.count += 1
            return true
        }
    }

    /// One is answered.
    func end() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.count -= 1
            guard state.isEnding, state.count == 0 else { return nil }
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Lets none begin any more, and returns when the last has been answered.
    func finish() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isOver = state.withLock { state in
                state.isEnding = true
                guard state.count > 0 else { return true }
                state.waiter = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}
