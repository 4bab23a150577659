import NIOCore
import Vocabulary

@testable import Gateway

/// Answers everything: requests with what they asked, calls after reading their messages.
struct FuzzResponder: HTTPResponder {
    private var rateLimit = RateLimitRequest()
    private var authorization = AuthorizationRequest()
    /// How many requests and calls came through.
    var count = 0
    /// How many connections broke a rule.
    var violations = 0

    mutating func respond(
        to request: borrowing HTTPRequestView, from peer: HTTPPeer, into writer: inout HTTPResponseWriter
    ) -> HTTPAnswer {
        count += 1
        writer.start(.ok)
        writer.finish(contentType: "text/plain", body: ByteBuffer(string: request.string(request.head.path)))
        return .written
    }

    mutating func respond(to call: borrowing GRPCCall, from peer: HTTPPeer, into message: inout ByteWriter)
        -> GRPCAnswer
    {
        count += 1
        let bytes = call.message.readableBytesUInt8Span
        do {
            switch call.method {
            case .shouldRateLimit: try rateLimit.decode(bytes)
            case .checkAuthorization: try authorization.decode(bytes)
            case .watchHealth: return .watching(.serving)
            case .checkHealth, .unknown: break
            }
        } catch { return .failed(.invalidArgument, "\(error)") }
        message.field(1, UInt64(bytes.count))
        return .written
    }

    mutating func connectionFailed(_ violation: HTTPViolation, from peer: HTTPPeer) { violations += 1 }
}
