internal import HeadgateClient
internal import HeadgateEmbedded
internal import HeadgateMiddleware
internal import Hummingbird

/// A service of two routes that is governed inside its own process; docs/middleware.md walks through it.
///
///     swift run envelope-service                                    asks http://127.0.0.1:8080
///     swift run envelope-service policy.yaml directory.yaml         decides by these, without a server
@main
struct EnvelopeService {
    static func main() async throws {
        let files = Array(CommandLine.arguments.dropFirst())
        if let policyPath = files.first {
            let directoryPath = files.dropFirst().first
            try await serve(EmbeddedAdmission(policyPath: policyPath, directoryPath: directoryPath))
        } else {
            try await serve(HeadgateClient(configuration: client))
        }
    }

    /// A server beside this process, and what holds while it is away: signatures go on, reports wait.
    private static var client: HeadgateClient.Configuration {
        var configuration = HeadgateClient.Configuration(server: "http://127.0.0.1:8080")
        configuration.localGuard.tiers["critical"] = .open(concurrencyMax: 40, perCaller: 10)
        configuration.localGuard.rules = [
            .init(method: "POST", pathPrefix: "/v1/envelopes/", tier: "critical"),
            .init(pathPrefix: "/v1/analytics/", tier: "best-effort"),
        ]
        return configuration
    }

    private static func serve(_ source: some AdmissionSource) async throws {
        let router = Router()
        // Routes that are added to the router itself come before the group's middleware: they are always answered.
        router.get("healthz") { _, _ in "ok\n" }
        router.group("v1")
            .add(middleware: HeadgateMiddleware(source))
            .post("envelopes/{envelope}/signatures") { _, context in
                let envelope = try context.parameters.require("envelope")
                return "envelope \(envelope) is signed\n"
            }
            .get("analytics/usage") { _, _ in "none\n" }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 8090)))
        try await application.runService()
    }
}
