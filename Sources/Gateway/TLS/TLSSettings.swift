/// How a listener speaks TLS, apart from the files that hold its certificates.
package struct TLSSettings: Hashable, Sendable {
    /// Whether clients show certificates; looked at only where there is an authority to verify them.
    package var clientCertificates = ClientCertificates.required
    /// Of the clients whose certificates are verified, those that are trusted; `nil`: all.
    ///
    /// DNS names and URIs (SPIFFE identifiers) as they stand in a certificate's subject alternative names. The common
    /// name is not looked at (RFC 9525 §2).
    package var trustedNames: [String]?
    /// Whether ALPN offers `h2` before `http/1.1`.
    package var offersHTTP2 = true

    /// Whether clients show certificates.
    package enum ClientCertificates: String, CaseIterable, Sendable {
        /// A client without one gets no connection.
        case required
        /// A client without one is a stranger; a bad one is refused all the same.
        case optional
    }

    /// States the defaults.
    package init() {}

    /// What ALPN offers, the best first (RFC 7301).
    var applicationProtocols: [String] { offersHTTP2 ? ["h2", "http/1.1"] : ["http/1.1"] }
}
