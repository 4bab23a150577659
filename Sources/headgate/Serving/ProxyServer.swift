internal import Gateway
internal import Logging
internal import NIOCore
internal import Vocabulary

/// The running reverse proxy: its listener and what asks the upstreams how they are.
struct ProxyServer {
    private let listener: Listener<ProxyResponder>
    private let probes: UpstreamProbes?

    /// Opens the port.
    ///
    /// - Throws: `ServerFailure` if it cannot.
    static func start(
        _ proxy: ProxySettings, _ settings: ServerSettings, _ parts: Server.Parts, seats: SeatGate,
        on group: any EventLoopGroup, log: Logger
    ) async throws -> ProxyServer {
        let tls: UpstreamTLS?
        do {
            tls =
                proxy.upstreams.contains(where: \.isSecure)
                ? try UpstreamTLS(authoritiesPath: proxy.authoritiesPath) : nil
        } catch {
            throw ServerFailure(description: "headgate cannot start: --upstream-ca cannot be used: \(error)")
        }
        let services = ProxyServices(
            gateway: parts.services, seats: seats, upstreams: UpstreamSet(proxy.upstreams, log: log),
            limits: proxy.limits,
            tls: tls, isSecure: parts.security.tls != nil)
        var limits = settings.limits
        limits.message.bodyBytesMax = proxy.bodyBytesMax
        let listener: Listener<ProxyResponder>
        do {
            listener = try await Listener.start(
                at: proxy.listen, on: group, limits: limits.affordable(log), tls: parts.security.tls
            ) { loop in
                ProxyResponder(plane: parts.plane, services: services, eventLoop: loop)
            }
        } catch {
            throw ServerFailure(description: "headgate cannot start: it cannot listen on \(proxy.listen): \(error)")
        }
        parts.services.observe { services.write(to: &$0) }
        parts.services.observeConnections { [listener] in
            .init(open: listener.connectionCount, refused: listener.refusedConnectionCount)
        }
        log.notice(
            "headgate passes requests on from \(parts.security.tls == nil ? "http" : "https")://\(proxy.listen.with(port: listener.port))",
            metadata: ["upstreams": "\(proxy.upstreams.map(\.description).joined(separator: ", "))"])
        let probes = proxy.probePath.map { UpstreamProbes(services, path: $0, on: group.next()) }
        return ProxyServer(listener: listener, probes: probes)
    }

    /// Closes the port, and lets requests in work finish.
    func shutDown(within time: Nanoseconds) async {
        probes?.stop()
        await listener.shutDown(within: time)
    }
}
