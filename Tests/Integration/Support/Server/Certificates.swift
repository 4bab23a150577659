import CertificateTestSupport
import Foundation
import NIOCore
import NIOSSL

/// An authority, a server's certificate and a client's, in a folder of the site.
struct Certificates {
    /// Makes more of them.
    let workshop: Workshop
    /// Signs the others.
    let authority: Workshop.Certificate
    /// The server's; a test may write others over its files.
    let server: Workshop.Certificate
    /// A client's.
    let client: Workshop.Certificate

    /// Makes them.
    init(in folder: TestFolder) throws {
        workshop = Workshop(folder: try folder.folder("certificates").path)
        authority = try workshop.authority()
        server = try workshop.certificate("server", by: authority)
        client = try workshop.certificate("client", by: authority, names: "DNS:proxy.example", usage: "clientAuth")
    }

    /// Options by which a server speaks TLS.
    var options: [String] { ["--tls-certificate", server.certificate, "--tls-key", server.key] }
    /// Options by which it also wants certificates of its clients.
    var mutualOptions: [String] { options + ["--tls-client-ca", authority.certificate] }

    /// What a client speaks TLS with, that shows a certificate or none.
    func context(showing certificate: Workshop.Certificate? = nil) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority.certificate))
        // A client that may be half closed waits in vain for an end that it has already been told of.
        configuration.shutdownTimeout = .milliseconds(10)
        if let certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.certificate).map {
                .certificate($0)
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// Copies the server's certificate aside, before another takes its place.
    func keepServer() throws -> Workshop.Certificate {
        let kept = Workshop.Certificate(certificate: workshop.file("kept.pem"), key: workshop.file("kept.key"))
        try FileManager.default.copyItem(atPath: server.certificate, toPath: kept.certificate)
        try FileManager.default.copyItem(atPath: server.key, toPath: kept.key)
        return kept
    }

    /// Puts another certificate and key in the place of the server's, one after the other, as tools do.
    func replaceServer(with other: Workshop.Certificate) throws {
        for (old, new) in [(server.certificate, other.certificate), (server.key, other.key)] {
            try Data(contentsOf: URL(fileURLWithPath: new)).write(to: URL(fileURLWithPath: old), options: .atomic)
        }
    }
}
