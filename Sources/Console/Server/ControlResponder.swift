internal import HummingbirdCore
internal import Policy
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Between HTTP and the desk: reads the body within its bound, and writes answers and problems.
struct ControlResponder: HTTPResponder {
    /// Who answers.
    let desk: Desk
    /// Whether the listener speaks TLS.
    let isSecure: Bool
    /// The requests that are being answered.
    let turns: Turns

    /// A problem, and what of the request has not been read when it is told.
    private struct Refusal: Error {
        let problem: Problem
        let rest: Leftover
    }

    func respond(to request: Request, context: ControlContext) async throws -> Response {
        guard turns.begin() else {
            let problem = Problem(.serviceUnavailable, "stopping", "the server is about to stop")
            return response(Refusal(problem: problem, rest: .whole(request.body, announced: nil)))
        }
        defer { turns.end() }
        do throws(Refusal) {
            return try await answer(request, context)
        } catch {
            return response(error)
        }
    }

    /// Answers a request; its body is read once it is clear who makes the call, and that they may.
    private func answer(_ request: Request, _ context: ControlContext) async throws(Refusal) -> Response {
        var arrival = Arrival(
            method: request.method, target: request.head.path ?? "/", fields: request.headers,
            address: context.address, isSecure: isSecure)
        let found: (route: Route, parameters: [String: String])
        do throws(Problem) {
            found = try find(arrival)
            if arrival.announcesBody {
                let route = found.route
                _ = try desk.admit(arrival, route, found.parameters, at: desk.clock())
                guard route.body != nil else { throw Problem(.badRequest, "malformed", "this takes no body") }
                guard arrival.announcedBytes ?? 0 <= route.bodyBytesMax else { throw tooLarge(route) }
            }
        } catch {
            throw Refusal(
                problem: error,
                rest: arrival.announcesBody ? .whole(request.body, announced: arrival.announcedBytes) : .nothing)
        }
        if arrival.announcesBody {
            guard let bytes = await Leftover.bytes(of: request.body, atMost: found.route.bodyBytesMax) else {
                throw Refusal(problem: tooLarge(found.route), rest: .part)
            }
            arrival.bytes = bytes
        }
        do throws(Problem) {
            return response(try await desk.answer(arrival, found.route, found.parameters))
        } catch {
            throw Refusal(problem: error, rest: .nothing)
        }
    }

    private func find(_ arrival: Arrival) throws(Problem) -> (route: Route, parameters: [String: String]) {
        switch desk.table.match(arrival.method, path: arrival.path) {
        case .nothing: throw Problem(.notFound, "unknown", "there is nothing at this path")
        case .otherMethods(let methods):
            var problem = Problem(.methodNotAllowed, "method_not_allowed", "this path has other methods")
            problem.fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")
            throw problem
        case .route(let route, let parameters): return (route, parameters)
        }
    }

    private func tooLarge(_ route: Route) -> Problem {
        Problem(
            .contentTooLarge, "too_large",
            "the body has more than \(route.bodyBytesMax) bytes, or has not come whole")
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

    /// Tells a problem, maybe before the rest of the request has come.
    private func response(_ refusal: Refusal) -> Response {
        let problem = refusal.problem
        var response = response(problem.status, problem.fields, "application/problem+json", problem.json.document)
        if case .nothing = refusal.rest { return response }
        if refusal.rest.endsConnection { response.headers[.connection] = "close" }
        let answer = ByteBuffer(string: problem.json.document)
        response.body = .init(contentLength: answer.readableBytes) { [rest = refusal.rest] writer in
            try await writer.write(answer)
            try await writer.finish(nil)
            try await rest.discard()
        }
        return response
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
