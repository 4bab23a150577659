package import NIOCore

/// Passes requests on, on one event loop.
package struct ProxyResponder: HTTPResponder {
    private let loop: ProxyLoop

    /// A responder for one event loop.
    package init(plane: DataPlane, services: ProxyServices, eventLoop: any EventLoop) {
        loop = ProxyLoop(plane: plane, services: services, on: eventLoop)
    }

    package static var passesRequestsOn: Bool { true }

    package mutating func exchange(
        for request: borrowing HTTPRequestView, from peer: HTTPPeer, to downstream: any HTTPDownstream
    ) -> any HTTPExchange {
        let exchange = ProxyExchange(loop, to: downstream)
        exchange.begin(request, from: peer)
        return exchange
    }

    package mutating func respond(
        to request: borrowing HTTPRequestView, from peer: HTTPPeer, into writer: inout HTTPResponseWriter
    ) -> HTTPAnswer {
        writer.problem(.internalServerError, detail: "Requests are passed on here, and not answered.")
        return .written
    }

    package mutating func connectionFailed(_ violation: HTTPViolation, from peer: HTTPPeer) {
        loop.services.note(violation)
    }
}
