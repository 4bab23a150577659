internal import Synchronization

/// Counts what becomes of requests behind the decision: rare things, so one lock does for all loops.
final class ProxyCounts: Sendable {
    private let state = Mutex(State())

    private struct State {
        var failures: [String: UInt64] = [:]
        var retries: UInt64 = 0
        var abandoned: UInt64 = 0
    }

    /// An upstream gave no answer, or not all of it.
    func note(_ failure: UpstreamFailure) { state.withLock { $0.failures[failure.proxyError, default: 0] += 1 } }

    /// A request is tried once more.
    func noteRetry() { state.withLock { $0.retries += 1 } }

    /// A client left before its answer was complete.
    func noteAbandoned() { state.withLock { $0.abandoned += 1 } }

    /// Writes what was counted.
    func write(to text: inout PrometheusText) {
        let (failures, retries, abandoned) = state.withLock { ($0.failures, $0.retries, $0.abandoned) }
        text.begin(
            "headgate_upstream_failures_total", .counter, "Requests that an upstream failed, by what went wrong.")
        for (error, count) in failures.sorted(by: { $0.key < $1.key }) {
            text.sample("headgate_upstream_failures_total", [("error", error)], "\(count)")
        }
        text.single(
            "headgate_upstream_retries_total", .counter, "Requests that were sent to another upstream.", retries)
        text.single(
            "headgate_requests_abandoned_total", .counter, "Requests whose client left before the answer was complete.",
            abandoned)
    }
}

extension UpstreamFailure {
    /// The error type of RFC 9209 §2.3 that comes closest.
    var proxyError: String {
        switch self {
        case .unreachable, .noneLeft: "destination_unavailable"
        case .connectTimedOut: "connection_timeout"
        case .closed: "connection_terminated"
        case .truncated: "http_response_incomplete"
        case .violation: "http_protocol_error"
        case .answerTimedOut, .bodyTimedOut, .deadline: "http_response_timeout"
        case .tunnelTimedOut: "connection_read_timeout"
        case .handshakeFailed: "tls_protocol_error"
        case .outOfMemory: "proxy_internal_error"
        case .bodyTooSlow: "http_request_error"
        }
    }

    /// Whether it says something about the upstream, and not about the client or about us.
    var isOfUpstream: Bool {
        switch self {
        case .closed(let isStale): !isStale
        case .deadline, .noneLeft, .tunnelTimedOut, .outOfMemory, .bodyTooSlow: false
        default: true
        }
    }

    /// The status of the answer.
    var status: HTTPStatus {
        switch self {
        case .answerTimedOut, .bodyTimedOut, .deadline, .connectTimedOut: .gatewayTimeout
        case .unreachable, .noneLeft, .closed, .truncated, .violation, .handshakeFailed, .tunnelTimedOut: .badGateway
        case .outOfMemory: .serviceUnavailable
        case .bodyTooSlow: .requestTimeout
        }
    }

    /// One sentence for whoever sent the request.
    var detail: String {
        switch self {
        case .unreachable, .noneLeft: "No upstream could be reached."
        case .connectTimedOut: "No upstream could be reached in time."
        case .closed: "The upstream closed the connection without an answer; it may have done the work."
        case .truncated: "The upstream closed the connection in the middle of its answer."
        case .violation: "The upstream's answer breaks the rules of HTTP and cannot be passed on."
        case .answerTimedOut: "The upstream did not answer in time; it may still do the work."
        case .bodyTimedOut: "The upstream stopped in the middle of its answer."
        case .tunnelTimedOut: "Nothing has been said for too long."
        case .handshakeFailed: "No upstream could be spoken to by TLS, or none has a certificate that is trusted."
        case .bodyTooSlow: "The body came too slowly while others waited for their turn; try again."
        case .outOfMemory: "Too many answers are waiting for clients that do not take them; try again."
        case .deadline: "The time that the request had is over; the upstream may still do the work."
        }
    }
}
