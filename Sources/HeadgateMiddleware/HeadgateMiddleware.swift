internal import HTTPTypes
public import HeadgateClient
public import Hummingbird
internal import NIOCore

/// Admission in front of the routes of a Hummingbird service.
///
/// ```swift
/// let router = Router()
/// router.add(middleware: HeadgateMiddleware(headgate))
/// ```
///
/// A request is decided before its body is read, and waits for its seats as long as its tier and the configuration let
/// it; meanwhile its body stays where it is. A refusal is answered here, with a problem document. What is admitted
/// keeps its seats until the last byte of its answer is written, or its task is cancelled, or it fails.
public struct HeadgateMiddleware<Context: RequestContext, Source: AdmissionSource>: RouterMiddleware {
    private let source: Source
    private let describe: @Sendable (Request, Context) -> AdmissionCall?

    /// Middleware that asks a source.
    ///
    /// - Parameters:
    ///   - source: a client of a server, or the engine inside this process.
    ///   - describe: what a request is, and who makes it; `nil` lets it pass without a decision, such as the
    ///     question of a load balancer whether the service is well. The default takes method, path and route, the
    ///     credential of `Authorization` or `X-API-Key`, and the class of `Headgate-Class`.
    public init(
        _ source: Source,
        describing describe: @escaping @Sendable (Request, Context) -> AdmissionCall? = {
            AdmissionCall(request: $0, context: $1)
        }
    ) {
        self.source = source
        self.describe = describe
    }

    /// Decides about a request, and answers it or lets it go on.
    public func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let call = describe(request, context) else { return try await next(request, context) }
        let admission = await source.admit(call)
        let decision = admission.decision
        guard decision.isAdmitted else { return HeadgateMiddleware.refusal(decision) }
        let seats = AdmissionKeeper(admission)
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
        } catch is CancellationError {
            seats.abandon()
            throw CancellationError()
        } catch {
            seats.finish(status: 500)
            throw error
        }
        HeadgateMiddleware.add(decision.fields, to: &response.headers)
        response.body = HeadgateMiddleware.body(response.body, status: response.status.code, keeping: seats)
        return response
    }

    private static func refusal(_ decision: Decision) -> Response {
        var fields = decision.fields
        fields[.contentType] = "application/problem+json"
        return Response(
            status: decision.status, headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: decision.problem)))
    }

    /// What a handler says about its own answer stays as it is.
    private static func add(_ fields: HTTPFields, to headers: inout HTTPFields) {
        for field in fields where !headers.contains(field.name) { headers.append(field) }
    }

    /// The same body, after which the seats go back.
    ///
    /// One that is never written, because the connection has gone, is dropped, and the seats with it.
    private static func body(_ body: ResponseBody, status: Int, keeping seats: AdmissionKeeper) -> ResponseBody {
        ResponseBody(contentLength: body.contentLength) { writer in
            do {
                try await body.write(writer)
                seats.finish(status: status)
            } catch {
                // It was not the work that failed: nobody reads the answer any more.
                seats.abandon()
                throw error
            }
        }
    }
}
