internal import Journal
internal import Synchronization
internal import Vocabulary

/// What the endpoints need besides decisions: readiness, and what `/metrics` shows of the rest of the server.
package final class GatewayServices: Sendable {
    private let state = Mutex(State())
    /// The secrets by which callers prove that they may name tenants.
    let tokens: GatewayTokens
    /// How often clients may have tokens made.
    let tokenAllowance = TokenAllowance()
    /// How often each client may withdraw one.
    let revocationAllowance = TokenAllowance.forRevocations()
    /// Asks what does not work beside decisions.
    private let findImpairments: @Sendable () -> [(part: String, problem: String)]
    /// Writes the metrics that the rest of the server has: journal, tenants, connections.
    private let writeMetrics: @Sendable (inout PrometheusText) -> Void

    private struct State {
        var problems: [String: String] = [:]
        var isDraining = false
        var violations: [Int: UInt64] = [:]
        var reloads: [String: UInt64] = [:]
        var unmatched: UInt64 = 0
        var tokens: [TokenEvent: UInt64] = [:]
        var connectionCounters: [@Sendable () -> ConnectionCounts] = []
        var writers: [@Sendable (inout PrometheusText) -> Void] = []
    }

    /// Numbers of connections.
    package struct ConnectionCounts: Sendable {
        /// Those that are open.
        let open: Int
        /// Those that were turned away since the start, because there were too many.
        let refused: Int

        /// States the numbers.
        package init(open: Int, refused: Int) {
            self.open = open
            self.refused = refused
        }
    }

    /// Services without problems.
    ///
    /// - Parameters:
    ///   - tokens: the secrets by which callers prove that they may name tenants.
    ///   - findImpairments: asks what does not work although decisions go on: the journal, the saving of quotas.
    ///   - writeMetrics: writes the metrics that the rest of the server has.
    package init(
        tokens: GatewayTokens = GatewayTokens(),
        findImpairments: @escaping @Sendable () -> [(part: String, problem: String)] = { [] },
        writeMetrics: @escaping @Sendable (inout PrometheusText) -> Void
    ) {
        self.tokens = tokens
        self.findImpairments = findImpairments
        self.writeMetrics = writeMetrics
    }

    /// Says that something the server was given does not hold, or with `nil` that it does again.
    ///
    /// The part says what it is about: `policy`, `directory`, `tls`, `tokens`.
    package func setProblem(_ problem: String?, with part: String) {
        state.withLock { $0.problems[part] = problem }
    }

    /// Lets `/metrics` tell how many connections one more listener has, which exists only after what answers on it.
    package func observeConnections(_ count: @escaping @Sendable () -> ConnectionCounts) {
        state.withLock { $0.connectionCounters.append(count) }
    }

    /// Lets `/metrics` tell what a part has counted that exists only after this.
    package func observe(_ write: @escaping @Sendable (inout PrometheusText) -> Void) {
        state.withLock { $0.writers.append(write) }
    }

    /// Counts an attempt to load a file anew.
    package func noteReload(_ result: String) {
        state.withLock { $0.reloads[result, default: 0] += 1 }
    }

    /// Says that the server is about to stop: proxies should send their requests elsewhere.
    package func beginDraining() { state.withLock { $0.isDraining = true } }

    /// Counts a connection that broke the protocol or a limit.
    func noteViolation(_ violation: HTTPViolation) {
        state.withLock { $0.violations[violation.status.code, default: 0] += 1 }
    }

    /// Counts descriptors of Envoy's rate limit protocol that no limit is for: they are let through, as the protocol
    /// has it, and somebody should see how many.
    func noteUnmatched(_ count: Int) {
        guard count > 0 else { return }
        state.withLock { $0.unmatched += UInt64(count) }
    }

    /// What happens to tokens at the endpoints of OAuth.
    enum TokenEvent: String, CaseIterable {
        case issued, introspected, revoked, refused
    }

    /// Counts what happened to a token.
    func noteToken(_ event: TokenEvent) { state.withLock { $0.tokens[event, default: 0] += 1 } }

    /// What is wrong, part by part, and whether the server is stopping.
    var readiness: (problems: [(part: String, problem: String)], isDraining: Bool) {
        state.withLock { state in
            (state.problems.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, state.isDraining)
        }
    }

    /// What does not work although decisions go on, part by part.
    var impairments: [(part: String, problem: String)] { findImpairments() }

    /// Writes what was counted here, and what the server counts elsewhere.
    func write(_ text: inout PrometheusText) {
        let (violations, reloads, unmatched, connectionCounters, writers, tokens) = state.withLock {
            ($0.violations, $0.reloads, $0.unmatched, $0.connectionCounters, $0.writers, $0.tokens)
        }
        text.single(
            "headgate_descriptors_unmatched_total", .counter,
            "Descriptors of Envoy's rate limit protocol that no limit is for.", unmatched)
        let connections = connectionCounters.map { $0() }
        if !connections.isEmpty {
            text.single(
                "headgate_connections", .gauge, "Connections that are open, of the data plane and of the proxy.",
                connections.reduce(0) { $0 + $1.open })
            text.single(
                "headgate_connections_refused_total", .counter,
                "Connections that were turned away because there were too many, all together or from one address.",
                connections.reduce(0) { $0 + $1.refused })
        }
        text.begin("headgate_http_violations_total", .counter, "Connections that broke the protocol or a limit.")
        for (code, count) in violations.sorted(by: { $0.key < $1.key }) {
            text.sample("headgate_http_violations_total", [("status", String(code))], "\(count)")
        }
        text.begin("headgate_reloads_total", .counter, "Attempts to load policy and directory anew.")
        for (result, count) in reloads.sorted(by: { $0.key < $1.key }) {
            text.sample("headgate_reloads_total", [("result", result)], "\(count)")
        }
        text.begin("headgate_tokens_total", .counter, "Calls of clients about tokens, by what became of them.")
        for event in TokenEvent.allCases {
            text.sample("headgate_tokens_total", [("result", event.rawValue)], "\(tokens[event] ?? 0)")
        }
        writeMetrics(&text)
        for write in writers { write(&text) }
    }
}
