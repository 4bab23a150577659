internal import Console
internal import Directory
internal import Gateway
internal import Journal
internal import Logging
internal import NIOSSL

/// The control API of a running server.
struct ControlListener {
    private let server: ControlServer
    private let desk: Desk

    /// Prepares it; `nil` if nobody asked for it.
    ///
    /// - Throws: `ServerFailure` if the certificate cannot be used.
    init?(_ settings: ServerSettings, _ parts: Server.Parts, log: Logger) throws {
        guard let address = settings.control, let governed = parts.governed else { return nil }
        let desk = Desk(
            governor: governed.governor, ledger: governed.ledger, vault: governed.vault,
            authenticator: governed.secret.authenticator,
            signing: parts.tokens?.governed, quarantine: PlaneQuarantine(plane: parts.plane),
            usage: UsageBook(store: parts.archive.consumption, quotas: parts.consumption), log: log
        ) { Governed.now }
        self.desk = desk
        var quiet = log
        quiet.logLevel = .error
        do {
            let tls = address.isLoopback ? nil : try ControlListener.tls(settings.security)
            server = try ControlServer(desk, host: address.host, port: address.port, tls: tls, log: quiet) { port in
                log.notice(
                    "the control API listens on \(tls == nil ? "http" : "https")://\(address.with(port: port))")
            }
        } catch {
            throw ServerFailure(description: "headgate cannot start: the control API: \(error)")
        }
    }

    private static func tls(_ files: SecurityFiles) throws -> TLSConfiguration? {
        guard let certificate = files.certificate, let key = files.key else { return nil }
        let chain = try NIOSSLCertificate.fromPEMFile(certificate)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }

    /// Answers calls until `stop`; a listener that fails is told in the log, and decisions go on.
    func run(log: Logger) async {
        do { try await server.run() } catch { log.error("the control API has ended: \(error)") }
    }

    /// Answers what has come, and lets `run` return.
    func stop(within time: Duration) async { await server.stop(within: time) }

    /// Writes how often somebody has tried to show who they are.
    func write(to text: inout PrometheusText) {
        text.begin("headgate_operator_attempts_total", .counter, "Attempts of operators to show who they are.")
        for (series, count) in desk.attemptCounts {
            text.sample(
                "headgate_operator_attempts_total",
                [("purpose", series.purpose.rawValue), ("result", series.result.rawValue)], "\(count)")
        }
    }
}
