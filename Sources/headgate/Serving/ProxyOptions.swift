internal import ArgumentParser
internal import Gateway
internal import Vocabulary

/// The reverse proxy: requests that Headgate itself holds and passes on.
struct ProxyOptions: ParsableArguments {
    @Option(
        help:
            "Where the reverse proxy listens, with --upstream; beyond loopback with TLS. It has the certificate of the data plane."
    )
    var proxy: String?
    @Option(
        help: "Where the proxy passes requests on, as in http://127.0.0.1:9000; may stand more than once.")
    var upstream: [String] = []
    @Option(
        name: .customLong("upstream-ca"), help: "Authorities of https upstreams, PEM; by default those of the system.",
        completion: .file())
    var upstreamAuthorities: String?
    @Option(
        name: .customLong("upstream-probe"),
        help: "A path that every upstream is asked for every 2 s; one that does not answer 200 to 399 gets no work.")
    var probePath: String?
    @Option(
        name: .customLong("upstream-timeout"),
        help: "Seconds an upstream has to begin its answer, and between two parts of it.")
    var upstreamTimeout: Int = 60
    @Option(
        name: .customLong("request-timeout"), help: "Seconds a request may take in all; by default as long as it needs."
    )
    var requestTimeout: Int?
    @Option(name: .customLong("tunnels"), help: "The most WebSockets and other tunnels at once.")
    var tunnels: Int = ProxyLimits().tunnelsMax
    @Option(name: .customLong("tunnels-per-tenant"), help: "The most tunnels of one tenant at once.")
    var tunnelsPerTenant: Int = ProxyLimits().tunnelsPerTenantMax
    @Option(name: .customLong("body-megabytes"), help: "Megabytes a body may have that is passed on.")
    var bodyMegabytes: Int = 1_024

    func validate() throws {
        guard (proxy == nil) == upstream.isEmpty else {
            throw ValidationError(
                "--proxy and --upstream go together: --proxy 127.0.0.1:8000 --upstream http://127.0.0.1:9000")
        }
        guard proxy != nil || (upstreamAuthorities == nil && probePath == nil && requestTimeout == nil) else {
            throw ValidationError("--upstream-ca, --upstream-probe and --request-timeout are about --proxy: give one")
        }
        guard upstream.count <= UpstreamSet.countMax else {
            throw ValidationError(
                "--upstream may stand \(UpstreamSet.countMax) times, and stands \(upstream.count) times")
        }
        if let probePath, !probePath.hasPrefix("/") || !probePath.utf8.allSatisfy({ ASCII.isTarget($0) }) {
            throw ValidationError(
                "--upstream-probe '\(probePath)': write a path that begins with a slash, as in /healthz")
        }
        guard (1...86_400).contains(upstreamTimeout) else { throw ValidationError("--upstream-timeout is 1 to 86400") }
        guard (1...86_400).contains(requestTimeout ?? 1) else {
            throw ValidationError("--request-timeout is 1 to 86400")
        }
        guard (1...1_024 * 1_024).contains(bodyMegabytes) else {
            throw ValidationError("--body-megabytes is 1 to 1048576")
        }
        for (option, count) in [("--tunnels", tunnels), ("--tunnels-per-tenant", tunnelsPerTenant)] {
            guard (0...1_000_000).contains(count) else { throw ValidationError("\(option) is 0 to 1000000") }
        }
    }

    /// What was stated, checked.
    func settings(_ security: SecurityOptions) throws -> ProxySettings? {
        guard let proxy else { return nil }
        let address: ListenAddress
        do { address = try ListenAddress(proxy) } catch { throw ValidationError("--proxy: \(error.description)") }
        try security.check(address, option: "--proxy")
        var upstreams: [UpstreamAddress] = []
        for text in upstream {
            do { upstreams.append(try UpstreamAddress(text)) } catch {
                throw ValidationError("--upstream: \(error.description)")
            }
        }
        if let twice = upstreams.enumerated().first(where: { upstreams[..<$0.offset].contains($0.element) }) {
            throw ValidationError("--upstream: \(twice.element) stands there twice")
        }
        var limits = ProxyLimits()
        limits.upstream.answerTimeMax = .seconds(Int64(upstreamTimeout))
        limits.requestTimeMax = requestTimeout.map { .seconds(Int64($0)) }
        limits.tunnelsMax = tunnels
        limits.tunnelsPerTenantMax = tunnelsPerTenant
        return ProxySettings(
            listen: address, upstreams: upstreams, limits: limits, bodyBytesMax: bodyMegabytes << 20,
            probePath: probePath, authoritiesPath: upstreamAuthorities)
    }
}

/// What the reverse proxy was told, checked.
struct ProxySettings {
    /// Where it listens.
    let listen: ListenAddress
    /// Where requests go.
    let upstreams: [UpstreamAddress]
    /// How long things may take.
    let limits: ProxyLimits
    /// Bytes of a body.
    let bodyBytesMax: Int
    /// What upstreams are asked for, to see whether they are well.
    let probePath: String?
    /// Where the authorities of upstreams' certificates are; `nil`: those of the system.
    let authoritiesPath: String?
}
