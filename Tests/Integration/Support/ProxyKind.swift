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

    /// Starts the proxy with an example's own configuration, ports and replacements aside, in a folder of its own.
    func start(
        _ example: Example, ports: Ports, replacing replacements: [(old: String, new: String)] = [],
        in folder: TestFolder
    ) async throws -> ProcessUnderTest {
        let process: ProcessUnderTest
        switch self {
        case .nginx:
            let configuration = try folder.write(
                try example.text("nginx.conf", replacing: replacements + ports.replacementsForNginx), to: "nginx.conf")
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
                try example.text(name, replacing: replacements + ports.replacementsForEnvoy), to: name)
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
}
