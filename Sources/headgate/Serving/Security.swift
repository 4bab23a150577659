internal import Gateway
internal import Logging
internal import Vocabulary

/// What protects the running data plane: its TLS and its tokens.
struct Security: Sendable {
    /// Where connections get their TLS from; `nil`: they are in the clear.
    let tls: TLSTerminator?
    /// The secrets by which callers prove that they may name tenants.
    let tokens: GatewayTokens
    /// What to warn of.
    let warnings: [String]
    private let files: SecurityFiles

    /// Reads everything for the first time.
    init(_ files: SecurityFiles, at now: WallTime) throws(Configuration.Problem) {
        self.files = files
        let credentials = try files.loadCredentials(at: now)
        tls = credentials.map { TLSTerminator($0) }
        tokens = GatewayTokens(try files.loadTokens())
        warnings = credentials?.warnings ?? []
    }

    /// Says in the log how the listener is protected.
    func report(_ settings: ServerSettings, to log: Logger) {
        for warning in warnings { log.warning("\(warning)") }
        guard !settings.listen.isLoopback else { return }
        if tls == nil {
            log.warning(
                "the data plane is open to the network without TLS (--insecure): keys and tokens can be read on the way"
            )
        }
        if files.clientAuthorities == nil, files.tokens == nil {
            let reason = "without --tls-client-ca or --gateway-token-file nobody may name tenants or read /metrics"
            log.notice("beyond loopback nobody is trusted: \(reason)")
        }
    }

    /// Reads certificates and key anew; new connections get them.
    ///
    /// - Returns: what to warn of.
    func reloadTLS(at now: WallTime) throws(Configuration.Problem) -> [String] {
        guard let credentials = try files.loadCredentials(at: now) else { return [] }
        tls?.replace(with: credentials)
        return credentials.warnings
    }

    /// Reads the tokens anew.
    func reloadTokens() throws(Configuration.Problem) {
        guard let list = try files.loadTokens() else { return }
        tokens.replace(with: list)
    }
}
