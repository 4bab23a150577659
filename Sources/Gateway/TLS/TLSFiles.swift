package import Directory

/// The files that a listener's TLS is made of, as they were read; all PEM.
package struct TLSFiles: Sendable {
    /// The server's certificate, and behind it those that lead to its authority.
    package let certificate: FileReading
    /// The key of the first certificate.
    package let key: FileReading
    /// The authorities that clients' certificates must come from; `nil`: clients are not asked for certificates.
    package let clientAuthorities: FileReading?

    /// Joins the files.
    package init(certificate: FileReading, key: FileReading, clientAuthorities: FileReading? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
    }
}

/// Why files cannot be used for TLS.
package struct TLSProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to do instead.
    package let description: String

    /// States a problem.
    init(_ description: String) { self.description = description }
}
