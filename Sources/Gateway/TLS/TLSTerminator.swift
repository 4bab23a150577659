internal import NIOSSL
internal import Synchronization
internal import Vocabulary

/// Where a listener's connections get their TLS from, and whether a certificate makes a client trusted.
///
/// Asked twice per connection, never by a request; that is why one lock serves all loops.
package final class TLSTerminator: Sendable {
    private let current: Mutex<TLSCredentials>
    /// How handshakes ended.
    let handshakes = TLSHandshakeCounts()

    /// A terminator that begins with some credentials.
    package init(_ credentials: TLSCredentials) { current = Mutex(credentials) }

    /// Gives new connections other credentials: the second phase of a reload; what is open goes on as it is.
    package func replace(with credentials: TLSCredentials) { current.withLock { $0 = credentials } }

    /// What speaks TLS on one connection.
    func makeHandler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: current.withLock { $0 }.context) }

    /// Whether a client is trusted whose certificate, if it showed one, was verified.
    ///
    /// The time is looked at once more because a client that resumes a session (RFC 8446 §2.2) does not show its
    /// certificate again: without this, one could go on long after its end.
    func trust(of certificate: NIOSSLCertificate?, at now: WallTime) -> HTTPPeer.Trust? {
        guard let certificate, certificate.isValid(at: now) else { return nil }
        guard let names = current.withLock({ $0 }).settings.trustedNames else { return .clientCertificate }
        return certificate.names(anyOf: names) ? .clientCertificate : nil
    }

    /// Writes the metrics of certificates and handshakes.
    package func write(to text: inout PrometheusText) {
        text.single(
            "headgate_tls_certificate_expiry_timestamp_seconds", .gauge,
            "When the first certificate of the server's chain expires, in seconds since 1970.",
            current.withLock { $0 }.expiry.milliseconds / 1_000)
        text.begin("headgate_tls_handshakes_total", .counter, "TLS handshakes by how they ended.")
        for (ending, count) in handshakes.counts {
            text.sample("headgate_tls_handshakes_total", [("result", ending.rawValue)], "\(count)")
        }
    }
}
