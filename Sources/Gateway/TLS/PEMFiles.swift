internal import Directory
internal import NIOSSL

/// A file of certificates in PEM.
struct CertificateFile {
    private let file: FileReading

    /// Looks at a file.
    init(_ file: FileReading) { self.file = file }

    /// The certificates, in their order; at least one.
    ///
    /// - Parameter what: what the file is to hold, for messages.
    /// - Returns: the certificates.
    /// - Throws: a problem that names the file.
    func certificates(of what: String) throws(TLSProblem) -> [NIOSSLCertificate] {
        guard file.holds("-----BEGIN") else {
            throw TLSProblem(
                "\(file.path) is not PEM; if it is DER, convert it: openssl x509 -inform der -in \(file.path)")
        }
        guard file.holds("CERTIFICATE-----") else { throw TLSProblem("\(file.path) holds no certificate") }
        let certificates: [NIOSSLCertificate]
        do { certificates = try NIOSSLCertificate.fromPEMBytes(file.bytes) } catch {
            throw TLSProblem("\(file.path) holds a damaged \(what)")
        }
        guard !certificates.isEmpty else { throw TLSProblem("\(file.path) holds no certificate") }
        return certificates
    }
}

/// A file of one key in PEM.
struct KeyFile {
    private let file: FileReading

    /// Looks at a file.
    init(_ file: FileReading) { self.file = file }

    /// The key.
    func key() throws(TLSProblem) -> NIOSSLPrivateKey {
        let path = file.path
        guard file.holds("-----BEGIN") else {
            throw TLSProblem("\(path) is not PEM; if it is DER, convert it: openssl pkey -inform der -in \(path)")
        }
        // PKCS #8 says it in the label, the older forms in a header (RFC 1421 §4.6.1.1).
        guard !file.holds("BEGIN ENCRYPTED"), !file.holds("4,ENCRYPTED") else {
            throw TLSProblem(
                "the key in \(path) is encrypted, and nobody is there to type the passphrase: write it decrypted to "
                    + "a file for Headgate alone (openssl pkey -in \(path), chmod 600)")
        }
        guard file.holds("PRIVATE KEY-----") else { throw TLSProblem("\(path) holds no private key") }
        do { return try NIOSSLPrivateKey(bytes: file.bytes, format: .pem) } catch {
            throw TLSProblem("\(path) holds a damaged key, or one of a kind that is not known here")
        }
    }
}

extension FileReading {
    /// Whether a text stands somewhere in the file.
    fileprivate func holds(_ text: String) -> Bool { bytes.firstRange(of: Array(text.utf8)) != nil }
}
