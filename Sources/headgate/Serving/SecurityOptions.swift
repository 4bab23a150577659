internal import ArgumentParser
internal import Gateway

/// How the data plane is protected.
struct SecurityOptions: ParsableArguments {
    @Option(
        name: .customLong("tls-certificate"), help: "The server's certificate and those of its authorities, PEM.",
        completion: .file())
    var certificate: String?
    @Option(name: .customLong("tls-key"), help: "The certificate's key, PEM, not encrypted.", completion: .file())
    var key: String?
    @Option(
        name: .customLong("tls-client-ca"),
        help: "Authorities of clients' certificates, PEM: clients show one, and are trusted to name tenants.",
        completion: .file())
    var clientAuthorities: String?
    @Option(
        name: .customLong("tls-client"),
        help: "Whether clients must show a certificate; they must unless this says optional.")
    var clientCertificates: TLSSettings.ClientCertificates?
    @Option(
        name: .customLong("tls-trusted"),
        help: "Trust only certificates with this DNS name or URI as subject alternative name; may stand more than once."
    )
    var trustedNames: [String] = []
    @Option(
        name: .customLong("gateway-token-file"),
        help: "Tokens, one a line: whoever sends one as Headgate-Gateway-Token is trusted to name tenants.",
        completion: .file())
    var tokens: String?
    @Flag(help: "Listen beyond loopback without TLS: whoever is on the way reads keys and tokens.")
    var insecure = false

    /// Whether the listener speaks TLS.
    var speaksTLS: Bool { certificate != nil }

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--tls-certificate and --tls-key go together")
        }
        guard speaksTLS || clientAuthorities == nil else {
            throw ValidationError("--tls-client-ca needs --tls-certificate and --tls-key")
        }
        guard clientAuthorities != nil || (clientCertificates == nil && trustedNames.isEmpty) else {
            throw ValidationError("--tls-client and --tls-trusted are about client certificates: give --tls-client-ca")
        }
        guard !(insecure && speaksTLS) else {
            throw ValidationError("--insecure is for a listener without TLS: drop it")
        }
    }

    /// Refuses to listen where strangers could read along, unless that is wanted.
    func check(_ address: ListenAddress, option: String = "--listen") throws {
        guard !address.isLoopback, !speaksTLS, !insecure else { return }
        throw ValidationError(
            "\(option) \(address): beyond loopback a listener needs TLS: give --tls-certificate and --tls-key. Or listen "
                + "on 127.0.0.1 or [::1] and put nginx or Envoy in front; or, on a network that nobody else can read, "
                + "say --insecure.")
    }

    /// The files, for the server.
    var files: SecurityFiles {
        var files = SecurityFiles()
        files.certificate = certificate
        files.key = key
        files.clientAuthorities = clientAuthorities
        files.tokens = tokens
        files.settings.clientCertificates = clientCertificates ?? .required
        files.settings.trustedNames = trustedNames.isEmpty ? nil : trustedNames
        return files
    }
}

extension TLSSettings.ClientCertificates: ExpressibleByArgument {}
