/// A proxy, Headgate behind it at the side, and the application behind both; all of them real, on ports of their own.
struct World {
    /// Sends to the proxy.
    let client: HTTPClient
    /// The application.
    let upstream: Upstream
    /// The server that decides.
    let headgate: HeadgateUnderTest
    /// Sends to the proxy's admin page, if it is Envoy.
    let admin: HTTPClient
    /// Where the proxy's files and its output are.
    let proxyFolder: TestFolder
    private let keys: [String: String]

    /// Builds a world, runs the body in it, and takes it down whatever becomes of the body.
    ///
    /// The example gives the configuration, the directory and, unless the text of another is given, the policy.
    /// Principals, as in `acme/web`, get keys; parts of the proxy's configuration may be replaced. Where it is asked
    /// for, proxy and Headgate speak TLS and show each other certificates.
    static func with(
        _ kind: ProxyKind, _ example: Example, policy: String? = nil,
        replacing replacements: [(old: String, new: String)] = [], keysFor principals: [String],
        byTLS speaksTLS: Bool = false,
        _ body: (World) async throws -> Void
    ) async throws {
        try await TestFolder.with { folder in
            let ports = try await Ports.find()
            let certificates = speaksTLS ? try Certificates(in: folder) : nil
            let headgate = try HeadgateUnderTest(
                port: ports.headgate, policy: try policy ?? example.policy(),
                directory: try example.text("directory.yaml"), options: certificates?.mutualOptions ?? [],
                in: try folder.folder("headgate"))
            var keys: [String: String] = [:]
            for principal in principals { keys[principal] = try await headgate.addKey(for: principal) }
            try await Upstream.with(port: ports.application) { upstream in
                let proxyFolder = try folder.folder(kind.rawValue)
                let world = World(
                    client: HTTPClient(port: ports.proxy), upstream: upstream, headgate: headgate,
                    admin: HTTPClient(port: ports.admin), proxyFolder: proxyFolder, keys: keys)
                try await withCleanUp {
                    try await headgate.start()
                    let proxy = try await kind.start(
                        example, ports: ports, replacing: replacements, certificates: certificates, in: proxyFolder)
                    try await withCleanUp {
                        try await body(world)
                    } cleanUp: {
                        await proxy.stop()
                    }
                } cleanUp: {
                    await headgate.stop()
                }
            }
        }
    }

    /// The key of a principal that was to get one.
    func key(of principal: String) -> String? { keys[principal] }

    /// Sends a request through the proxy, as a principal that has a key, or as nobody known.
    func send(
        _ method: String, _ target: String, as principal: String? = nil,
        fields: [(name: String, value: String)] = [], body: String? = nil
    ) async throws -> HTTPResponse {
        let key = principal.flatMap { keys[$0] }
        let credential = key.map { [(name: "X-API-Key", value: $0)] } ?? []
        return try await client.send(
            HTTPRequest(method: method, target: target, fields: credential + fields, body: body))
    }

    /// The same, until an answer has a status; how many answers came before it.
    ///
    /// - Throws: when there is none among the first answers.
    func send(
        _ method: String, _ target: String, as principal: String, until status: Int, atMost count: Int
    ) async throws -> (response: HTTPResponse, before: Int) {
        for before in 0..<count {
            let response = try await send(method, target, as: principal)
            if response.status == status { return (response, before) }
        }
        throw Patience.Exhausted(what: "\(status) for \(method) \(target) among \(count) answers")
    }
}
