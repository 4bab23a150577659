import Testing

/// The proxies that the examples configure.
enum ProxyKind: String, CaseIterable, CustomTestStringConvertible, Sendable {
    /// nginx with `auth_request`.
    case nginx
    /// Envoy with HTTP `ext_authz`.
    case envoy
    /// HAProxy with a script.
    case haproxy

    var testDescription: String { rawValue }

    /// Starts the proxy with an example's own configuration, ports aside, in a folder of its own.
    func start(_ example: Example, ports: Ports, in folder: TestFolder) async throws -> ProcessUnderTest {
        let process: ProcessUnderTest
        switch self {
        case .nginx:
            let configuration = try folder.write(
                try example.text("nginx.conf", replacing: ports.replacementsForNginx), to: "nginx.conf")
            process = try ProcessUnderTest(
                "nginx", try Tool.nginx(),
                ["-p", folder.path, "-e", "error.log", "-c", configuration, "-g", "daemon off;"], in: folder)
        case .haproxy:
            _ = try folder.write(try example.text("haproxy.lua"), to: "haproxy.lua")
            let configuration = try folder.write(
                try example.text("haproxy.cfg", replacing: ports.replacementsForHAProxy), to: "haproxy.cfg")
            process = try ProcessUnderTest("haproxy", try Tool.haproxy(), ["-f", configuration, "-db"], in: folder)
        case .envoy:
            let configuration = try folder.write(
                try example.text("envoy.yaml", replacing: ports.replacementsForEnvoy), to: "envoy.yaml")
            process = try ProcessUnderTest(
                "envoy", try Tool.envoy(),
                ["-c", configuration, "--concurrency", "1", "--disable-hot-restart", "-l", "warning"], in: folder)
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
