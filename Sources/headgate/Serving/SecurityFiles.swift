internal import Directory
internal import Gateway
internal import Vocabulary

/// Where the certificates and tokens of the data plane are, and how they are read.
struct SecurityFiles: Sendable {
    /// The server's certificate; `nil`: no TLS.
    var certificate: String?
    /// The certificate's key.
    var key: String?
    /// The authorities of clients' certificates.
    var clientAuthorities: String?
    /// The gateway tokens.
    var tokens: String?
    /// How TLS is spoken.
    var settings = TLSSettings()

    /// Longer than any file of certificates that somebody meant to give: all public authorities take 200 KiB.
    private static let byteCountMax = 4 << 20

    /// The files of TLS.
    var tlsPaths: [String] { [certificate, key, clientAuthorities].compactMap(\.self) }
    /// The files of tokens.
    var tokenPaths: [String] { [tokens].compactMap(\.self) }

    /// Reads and matches certificates and key; `nil` without TLS.
    func loadCredentials(at now: WallTime) throws(Configuration.Problem) -> TLSCredentials? {
        guard let certificate, let key else { return nil }
        let files = TLSFiles(
            certificate: try read(certificate, for: "tls"), key: try read(key, for: "tls"),
            clientAuthorities: try clientAuthorities.map { path throws(Configuration.Problem) in
                try read(path, for: "tls")
            })
        do { return try TLSCredentials(files, settings: settings, at: now) } catch {
            throw Configuration.Problem(part: "tls", text: "error: \(error)\n")
        }
    }

    /// Reads the tokens; `nil` if there are to be none.
    func loadTokens() throws(Configuration.Problem) -> GatewayTokenList? {
        guard let tokens else { return nil }
        let file = try read(tokens, for: "tokens")
        do { return try GatewayTokenList(file) } catch {
            throw Configuration.Problem(part: "tokens", text: "error: \(error.description)\n")
        }
    }

    private func read(_ path: String, for part: String) throws(Configuration.Problem) -> FileReading {
        do { return try FileReading(path, byteCountMax: SecurityFiles.byteCountMax) } catch {
            throw Configuration.Problem(part: part, text: "error: \(error)\n")
        }
    }
}
