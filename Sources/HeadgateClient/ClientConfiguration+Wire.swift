internal import NIOCore
internal import NIOSSL

extension HeadgateClient.Configuration {
    /// Where the server is.
    func address() throws(HeadgateClient.ConfigurationError) -> ServerAddress {
        guard let address = ServerAddress(server) else {
            throw HeadgateClient.ConfigurationError(
                "server: '\(server)' is no address; write http://127.0.0.1:8080 or https://headgate.example, without a path"
            )
        }
        guard address.isSecure || trustRootsPath == nil && certificatePath == nil else {
            throw HeadgateClient.ConfigurationError("server: certificates need https://, not '\(server)'")
        }
        return address
    }

    /// What the connections may take.
    var wireSettings: WireSettings {
        WireSettings(
            connectionsMax: max(1, connectionsMax), waitingMax: max(0, waitingCallsMax),
            connectTimeMax: .nanoseconds(max(1, callTimeout.nanoseconds)), gatewayToken: gatewayToken)
    }

    /// What TLS is spoken with; `nil`: it is not.
    func tls() throws(HeadgateClient.ConfigurationError) -> NIOSSLContext? {
        guard try address().isSecure else { return nil }
        guard (certificatePath == nil) == (keyPath == nil) else {
            throw HeadgateClient.ConfigurationError("certificatePath and keyPath: one does not go without the other")
        }
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.minimumTLSVersion = .tlsv12
        do {
            if let trustRootsPath {
                settings.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(trustRootsPath))
            }
            if let certificatePath, let keyPath {
                settings.certificateChain = try NIOSSLCertificate.fromPEMFile(certificatePath).map { .certificate($0) }
                settings.privateKey = .privateKey(try NIOSSLPrivateKey(file: keyPath, format: .pem))
            }
            return try NIOSSLContext(configuration: settings)
        } catch {
            throw HeadgateClient.ConfigurationError("certificates cannot be used: \(error)")
        }
    }
}
