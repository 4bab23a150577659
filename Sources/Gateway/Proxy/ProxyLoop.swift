internal import NIOCore
internal import Synchronization
package import Vocabulary

/// What the exchanges of one event loop share.
final class ProxyLoop {
    /// Decides.
    let decider: Decider
    /// Where seats come from; shared by all loops.
    let seats: SeatGate
    /// What all loops share besides.
    let services: ProxyServices
    /// The connections to the upstreams.
    let pool: UpstreamPool
    /// The loop.
    let eventLoop: any EventLoop
    /// Where heads are written before they are sent.
    var head = ByteWriter()
    /// Who waits for seats.
    var waiting = WaitingExchanges()
    /// Memory that gathered bodies take, of requests that wait or run.
    var gatheredBytes = 0
    /// How much of that there may be; beyond it nothing is gathered, and bodies wait with their clients.
    static let gatheredBytesMax = 16 << 20

    /// The share of one event loop.
    init(plane: DataPlane, services: ProxyServices, on eventLoop: any EventLoop) {
        decider = Decider(plane: plane)
        seats = services.seats
        self.services = services
        self.eventLoop = eventLoop
        pool = UpstreamPool(
            services.upstreams, limits: services.limits.upstream, tls: services.tls?.context,
            connector: services.connector,
            on: eventLoop)
    }

    /// What upstreams get at most, and how long things may take.
    var limits: ProxyLimits { services.limits }
}

/// What all event loops of a proxy share.
package final class ProxyServices: Sendable {
    /// Where seats come from.
    package let seats: SeatGate
    /// Who holds seats while its body arrives.
    let arriving = ArrivingBodies()
    /// Where requests go.
    package let upstreams: UpstreamSet
    /// How long things may take.
    let limits: ProxyLimits
    /// How answers of upstreams that are spoken to by TLS are known to be theirs; `nil`: none is.
    let tls: UpstreamTLS?
    /// How connections to upstreams are opened.
    let connector: UpstreamConnector
    /// Whether clients come by TLS.
    let isSecure: Bool
    /// Counts what upstreams fail with.
    let counts = ProxyCounts()
    /// Counts the requests that ask for another protocol, and what they have become.
    let tunnels: TunnelCounts
    private let gateway: GatewayServices

    /// States what a proxy is made of.
    package init(
        gateway: GatewayServices, seats: SeatGate, upstreams: UpstreamSet, limits: ProxyLimits = ProxyLimits(),
        tls: UpstreamTLS? = nil, connector: UpstreamConnector = .sockets, isSecure: Bool = false
    ) {
        self.gateway = gateway
        self.seats = seats
        self.upstreams = upstreams
        self.limits = limits
        self.tls = tls
        self.connector = connector
        self.isSecure = isSecure
        tunnels = TunnelCounts(most: limits.tunnelsMax, ofTenant: limits.tunnelsPerTenantMax)
    }

    /// Counts a connection that broke the protocol or a limit.
    func note(_ violation: HTTPViolation) { gateway.noteViolation(violation) }

    /// Writes what was counted, and how the upstreams are.
    package func write(to text: inout PrometheusText) {
        counts.write(to: &text)
        text.single(
            "headgate_tunnels", .gauge, "Requests that ask for another protocol, and tunnels that are open.",
            tunnels.count)
        text.single(
            "headgate_bodies_waiting", .gauge,
            "Requests that wait for one of the seats that may be lent before their bodies have come.",
            arriving.counts.waiting)
        upstreams.write(to: &text, at: Clock.monotonic())
    }
}

/// How long requests that are passed on may take, and what upstreams get at most.
package struct ProxyLimits: Hashable, Sendable {
    /// Upstreams.
    package var upstream = UpstreamLimits()
    /// From a request's head to the end of its answer, whatever happens; `nil`: no such limit.
    ///
    /// A client may state less, in `Headgate-Timeout-Ms`.
    package var requestTimeMax: Nanoseconds?
    /// Tunnels at once.
    ///
    /// Half of `ListenerLimits.connectionsMax`: the other half is left to requests.
    package var tunnelsMax = 5_000
    /// Tunnels of one tenant at once; a fifth of all.
    package var tunnelsPerTenantMax = 1_000

    /// States the defaults.
    package init() {}
}
