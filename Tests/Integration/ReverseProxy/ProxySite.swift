import Foundation

/// A Headgate server that passes requests on, with a policy of one tier and one principal.
struct ProxySite {
    /// The server and its files.
    let site: Site
    /// The key of the principal.
    let key: String
    /// The port of the reverse proxy.
    let port: Int
    private let options: [String]

    private static let policy = """
        headgate: 1
        name: passing-on
        owner: tests
        tiers: [{ name: work, queue: { depth: 1000, wait: 30s } }]
        classes:
          interactive: { tier: work, consequence: time-sensitive, owner: tests }
        operations:
          things: { match: ["GET /t/{x}", "POST /t/{x}", "PUT /t/{x}", "HEAD /t/{x}"], tier: work }
          payments: { match: "POST /p/{x}", tier: work, idempotent: required }
        plans:
          only: { tenant: { rate: 1000000/s, burst: 1000000 } }
        """
    private static let directory = """
        headgate-directory: 1
        tenants:
          acme:
            plan: only
            principals:
              web: { classes: [interactive] }
        """

    /// Starts it before some upstreams, runs the body, and stops it whatever becomes of the body.
    static func with(
        _ upstreams: String..., options: [String] = [], after shell: String = ":",
        _ body: (ProxySite) async throws -> Void
    ) async throws {
        try await Site.with(policy: policy, directory: directory) { site in
            let key = try await site.addKey(for: "acme/web")
            let options = ["--proxy", "127.0.0.1:0"] + upstreams.flatMap { ["--upstream", $0] } + options
            try await body(
                ProxySite(site: site, key: key, port: try await start(site, options, after: shell), options: options))
        }
    }

    private static func start(_ site: Site, _ options: [String], after shell: String) async throws -> Int {
        try await site.start(options, after: shell)
        guard let match = site.log.firstMatch(of: /passes requests on from https?:\/\/[^\s]+:([0-9]+)\s/),
            let port = Int(match.1)
        else { throw Site.Failure(what: "does not pass requests on", log: site.log) }
        return port
    }

    /// Starts the server again, which has ended, with the same files.
    func startAgain() async throws -> ProxySite {
        let port = try await ProxySite.start(site, options, after: ":")
        return ProxySite(site: site, key: key, port: port, options: options)
    }

    /// A request with the principal's key.
    func request(
        _ method: String = "GET", _ target: String = "/t/a", _ fields: [(name: String, value: String)] = [],
        body: String? = nil
    ) -> HTTPRequest {
        HTTPRequest(method: method, target: target, fields: [("X-API-Key", key)] + fields, body: body)
    }

    /// Sends a request over a connection of its own.
    func send(
        _ method: String = "GET", _ target: String = "/t/a", _ fields: [(name: String, value: String)] = [],
        body: String? = nil
    ) async throws -> HTTPResponse {
        try await HTTPClient(port: port).send(request(method, target, fields, body: body))
    }

    /// Memory of the server's process.
    ///
    /// The shell that began it has become the server itself.
    func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(site.processNumber)/statm", encoding: .utf8)
        return (Int(text.split(separator: " ")[1]) ?? 0) * 4_096
    }

    /// Sends a request with curl and gives what it wrote.
    func curl(_ arguments: String...) async throws -> String {
        try await ProcessUnderTest.output(
            of: try Tool.curl(), ["-s", "-S", "--max-time", "30", "-H", "X-API-Key: \(key)"] + arguments,
            in: site.folder)
    }

    /// The address of a target.
    func url(_ target: String = "/t/a") -> String { "http://127.0.0.1:\(port)\(target)" }
}
