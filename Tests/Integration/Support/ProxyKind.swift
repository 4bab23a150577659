import CertificateTestSupport
import Testing

/// The proxies that the examples configure.
enum ProxyKind: String, CustomTestStringConvertible, Sendable {
    /// nginx with `auth_request`.
    case nginx
    /// Envoy with HTTP `ext_authz`.
    case envoy
    /// Envoy with gRPC `ext_authz`.
    case envoyGRPC = "envoy-grpc"
    /// Envoy with its rate limit filter.
    case envoyRateLimit = "envoy-ratelimit"
    /// HAProxy with a script.
    case haproxy

    /// Those that hand on everything that a decision says; Envoy's rate limit filter knows one status only.
    static let allCases: [ProxyKind] = [.nginx, .envoy, .envoyGRPC, .haproxy]

    /// Whether it is Envoy, however it asks.
    var isEnvoy: Bool { [.envoy, .envoyGRPC, .envoyRateLimit].contains(self) }

    var testDescription: String { rawValue }

    /// Starts the proxy with an example's own configuration in a folder of its own; ports, certificates and what is to
    /// be replaced aside.
    func start(
        _ example: Example, ports: Ports, replacing replacements: [(old: String, new: String)] = [],
        certificates: Certificates? = nil, in folder: TestFolder
    ) async throws -> ProcessUnderTest {
        let process: ProcessUnderTest
        let tls = certificates.map { self.replacements(for: $0) } ?? []
        switch self {
        case .nginx:
            let configuration = try folder.write(
                try example.text("nginx.conf", replacing: replacements + ports.replacementsForNginx + tls),
                to: "nginx.conf")
            process = try ProcessUnderTest(
                "nginx", try Tool.nginx(),
                ["-p", folder.path, "-e", "error.log", "-c", configuration, "-g", "daemon off;"], in: folder)
        case .haproxy:
            _ = try folder.write(try example.text("haproxy.lua"), to: "haproxy.lua")
            let configuration = try folder.write(
                try example.text("haproxy.cfg", replacing: replacements + ports.replacementsForHAProxy),
                to: "haproxy.cfg")
            process = try ProcessUnderTest("haproxy", try Tool.haproxy(), ["-f", configuration, "-db"], in: folder)
        case .envoy, .envoyGRPC, .envoyRateLimit:
            let name = "\(rawValue).yaml"
            let configuration = try folder.write(
                try example.text(name, replacing: replacements + ports.replacementsForEnvoy + tls), to: name)
            process = try ProcessUnderTest(
                "envoy", try Tool.envoy(),
                [
                    "-c", configuration, "--concurrency", "1", "--disable-hot-restart", "-l", "warning",
                    "--file-flush-interval-msec", "50",
                ], in: folder)
        }
        do {
            try await process.waitUntilListening(on: ports.proxy)
        } catch {
            await process.stop()
            throw error
        }
        return process
    }

    /// What to write into the configuration so that the proxy asks Headgate by TLS.
    private func replacements(for certificates: Certificates) -> [(old: String, new: String)] {
        let (authority, client) = (certificates.authority.certificate, certificates.client)
        switch self {
        case .nginx:
            let question = "proxy_pass https://headgate/v1/authorize; proxy_ssl_verify on; proxy_ssl_name localhost;"
            let certificate = "proxy_ssl_certificate \(client.certificate); proxy_ssl_certificate_key \(client.key);"
            return [
                (
                    "proxy_pass http://headgate/v1/authorize;",
                    "\(question) proxy_ssl_trusted_certificate \(authority); \(certificate)"
                )
            ]
        case .envoy, .envoyGRPC, .envoyRateLimit:
            let cluster = "    - name: headgate\n      connect_timeout: 0.1s\n"
            let socket = """
                      transport_socket:
                        name: envoy.transport_sockets.tls
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                          sni: localhost
                          common_tls_context:
                            tls_certificates:
                              - certificate_chain: { filename: "\(client.certificate)" }
                                private_key: { filename: "\(client.key)" }
                            validation_context: { trusted_ca: { filename: "\(authority)" } }

                """
            return [(cluster, cluster + socket)]
        case .haproxy: return []
        }
    }
}
