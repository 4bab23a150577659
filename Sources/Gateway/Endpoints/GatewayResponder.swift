package import NIOCore
internal import Vocabulary

/// Answers the requests of the data-plane listener on one event loop: routes, and keeps what belongs to that loop.
package struct GatewayResponder: HTTPResponder {
    let decider: Decider
    let services: GatewayServices
    var decoder: CheckCallDecoder
    var authorization = AuthorizationRequest()
    var rateLimit = RateLimitRequest()
    /// Seats that callers hold; `nil`: there are none to be had.
    let leases: SeatLeases?
    let eventLoop: any EventLoop

    /// A responder for one event loop.
    package init(
        plane: DataPlane, services: GatewayServices, leases: SeatLeases? = nil, eventLoop: any EventLoop
    ) {
        decider = Decider(plane: plane)
        self.services = services
        self.leases = leases
        self.eventLoop = eventLoop
        decoder = CheckCallDecoder()
    }

    package mutating func respond(
        to request: borrowing HTTPRequestView, from peer: HTTPPeer, into writer: inout HTTPResponseWriter
    ) -> HTTPAnswer {
        switch Endpoint(request) {
        case .authorize: authorize(request, from: peer, &writer)
        case .externalAuthorization: authorizeExternally(request, from: peer, &writer)
        case .check: check(request, from: peer, &writer)
        case .checkBatch: checkBatch(request, from: peer, &writer)
        case .admit: return admit(request, from: peer, &writer)
        case .renewAdmission(let id): renewAdmission(id, request, from: peer, &writer)
        case .endAdmission(let id): endAdmission(id, request, from: peer, &writer)
        case .health: writer.answerText(.ok, "ok\n")
        case .readiness: readiness(request, from: peer, &writer)
        case .metrics: metrics(request, from: peer, &writer)
        case .experience: experience(request, from: peer, &writer)
        case .quarantines: quarantines(request, from: peer, &writer)
        case .healthSignals: healthSignals(request, from: peer, &writer)
        case .oauth(let endpoint): answer(endpoint, request, &writer)
        case .wrongMethod(let allowed):
            writer.start(.methodNotAllowed)
            writer.field("Allow", literal: allowed)
            writer.finish(problem: .methodNotAllowed, detail: "This path answers \(allowed).")
        case .unknown:
            writer.problem(
                .notFound,
                detail: "There is nothing at this path. The data plane has /v1/check, /v1/check/batch, /v1/admissions, "
                    + "/v1/authorize, /ext_authz/…, /v1/quarantines, /v1/health, /v1/experience, /oauth/token, "
                    + "/oauth/introspect, /oauth/revoke, /healthz, /readyz and /metrics.")
        }
        return .written
    }

    package mutating func respond(
        to call: borrowing GRPCCall, from peer: HTTPPeer, into message: inout ByteWriter
    ) -> GRPCAnswer {
        switch call.method {
        case .shouldRateLimit: shouldRateLimit(call, from: peer, &message)
        case .checkAuthorization: checkAuthorization(call, from: peer, &message)
        case .checkHealth: checkHealth(call, &message)
        case .watchHealth: watchHealth(call)
        case .unknown: .failed(.unimplemented, "There is no such method.")
        }
    }

    package var health: GRPCHealth { services.readiness.isDraining ? .notServing : .serving }

    package mutating func connectionFailed(_ violation: HTTPViolation, from peer: HTTPPeer) {
        services.noteViolation(violation)
    }
}

extension HTTPResponseWriter {
    /// Answers with plain text.
    mutating func answerText(
        _ status: HTTPStatus, _ text: String, contentType: StaticString = "text/plain; charset=utf-8"
    ) {
        start(status)
        finish(contentType: contentType, body: ByteBuffer(string: text))
    }
}
