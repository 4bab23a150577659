internal import NIOSSL

/// How upstreams that are spoken to by TLS are known: by a certificate for their name, from an authority that is
/// trusted.
package struct UpstreamTLS: Sendable {
    /// What connections get their TLS from.
    let context: NIOSSLContext

    /// Reads the authorities.
    ///
    /// - Parameter authoritiesPath: a file of certificates, PEM; `nil`: the authorities of the system.
    /// - Throws: what is wrong with the file.
    package init(authoritiesPath: String?) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authoritiesPath { configuration.trustRoots = .file(authoritiesPath) }
        context = try NIOSSLContext(configuration: configuration)
    }
}
