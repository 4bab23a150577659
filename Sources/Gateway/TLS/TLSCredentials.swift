internal import Directory
internal import NIOCore
internal import NIOSSL
package import Vocabulary

/// Certificates and key of a listener, read, matched and ready: the first phase of a reload.
///
/// Everything that can fail has failed in making it.
package struct TLSCredentials: Sendable {
    /// What connections are made from; those that are open keep the one they began with.
    let context: NIOSSLContext
    /// How TLS is spoken.
    let settings: TLSSettings
    /// When the first certificate of the server's chain expires.
    package let expiry: WallTime
    /// What is unwise, in whole sentences, but no reason not to serve.
    package let warnings: [String]

    /// How long the other end has to confirm a close before the connection is cut: as `farewellTimeMax`.
    ///
    /// Who had an answer to read has had `lingerTimeMax` for it before.
    private static let closeTimeMax = TimeAmount.milliseconds(250)

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - files: the files.
    ///   - settings: how TLS is to be spoken.
    ///   - now: the present, for warnings about certificates whose time is over.
    /// - Throws: a problem with the file that has it.
    package init(_ files: TLSFiles, settings: TLSSettings, at now: WallTime) throws(TLSProblem) {
        let chain = try CertificateFile(files.certificate).certificates(of: "certificate")
        let key = try KeyFile(files.key).key()
        let authorities = try files.clientAuthorities.map { file throws(TLSProblem) in
            try CertificateFile(file).certificates(of: "authority")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        // TLS 1.0 and 1.1 are not to be used any more (RFC 8996).
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = settings.applicationProtocols
        configuration.shutdownTimeout = TLSCredentials.closeTimeMax
        if let authorities {
            configuration.trustRoots = .certificates(authorities)
            configuration.certificateVerification =
                settings.clientCertificates == .required ? .noHostnameVerification : .optionalVerification
            configuration.sendCANameList = true
        }
        do { context = try NIOSSLContext(configuration: configuration) } catch {
            throw TLSCredentials.problem(error, files)
        }
        self.settings = settings
        expiry = chain.map(\.expiry).min() ?? now
        warnings = TLSCredentials.warnings(files, chain, authorities ?? [], now)
    }

    /// Everything in the files can be read, so what is left to go wrong is that they do not belong together.
    private static func problem(_ error: any Error, _ files: TLSFiles) -> TLSProblem {
        let (certificate, key) = (files.certificate.path, files.key.path)
        switch error as? NIOSSLError {
        case .failedToLoadPrivateKey:
            return TLSProblem(
                "the key in \(key) does not belong to the first certificate in \(certificate): the server's own "
                    + "certificate stands first, those of its authorities behind it")
        case .failedToLoadCertificate:
            return TLSProblem(
                "the first certificate in \(certificate) cannot be a server's own; those of its authorities stand "
                    + "behind it")
        default: return TLSProblem("\(certificate) and \(key) cannot be used for TLS: \(error)")
        }
    }

    private static func warnings(
        _ files: TLSFiles, _ chain: [NIOSSLCertificate], _ authorities: [NIOSSLCertificate], _ now: WallTime
    ) -> [String] {
        var warnings: [String] = []
        if files.key.isOpenToOthers {
            let path = files.key.path
            warnings.append("the key \(path) is open to others (mode \(files.key.mode)): chmod 600 \(path)")
        }
        warnings += chain.compactMap { $0.warning(at: now, in: files.certificate) }
        if let file = files.clientAuthorities { warnings += authorities.compactMap { $0.warning(at: now, in: file) } }
        return warnings
    }
}

extension NIOSSLCertificate {
    /// When it expires.
    var expiry: WallTime { WallTime(milliseconds: Int64(notValidAfter) * 1_000) }

    /// Whether its time has come and is not over.
    func isValid(at now: WallTime) -> Bool { Int64(notValidBefore) * 1_000 <= now.milliseconds && now <= expiry }

    /// What to say about a certificate whose time is over or has not come.
    fileprivate func warning(at now: WallTime, in file: FileReading) -> String? {
        if expiry < now {
            return
                "a certificate in \(file.path) expired at \(expiry.description): whoever looks at it refuses the connection"
        }
        guard !isValid(at: now) else { return nil }
        let start = WallTime(milliseconds: Int64(notValidBefore) * 1_000)
        return "a certificate in \(file.path) is not valid before \(start.description)"
    }
}
