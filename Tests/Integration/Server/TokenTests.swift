import Foundation
import Testing

extension ServerTests {
    /// Short-lived tokens, against the running server.
    @Suite struct Tokens {
        private static let settings = """
            headgate-tokens: 1
            issuer: https://headgate.example
            audience: https://api.example

            """

        private func with(_ settings: String = settings, _ body: (Site, String) async throws -> Void) async throws {
            let directory = try Example.signing.text("directory.yaml")
            try await Site.with(policy: try Example.signing.policy(), directory: directory) { site in
                let key = try await site.addKey(for: "acme/web")
                _ = try site.folder.write(settings, to: "tokens.yaml")
                try await body(site, key)
            }
        }

        private func start(_ site: Site, _ more: [String] = []) async throws {
            try await site.start(["--tokens", site.folder.file("tokens.yaml")] + more)
        }

        /// A call of one of the endpoints as `acme/web`.
        private func ask(
            _ path: String, _ form: String, key: String, client: String = "acme%2Fweb", _ site: Site
        ) async throws -> HTTPResponse {
            let pair = Data("\(client):\(key)".utf8).base64EncodedString()
            let request = HTTPRequest(
                method: "POST", target: path,
                fields: [("Authorization", "Basic \(pair)"), ("Content-Type", "application/x-www-form-urlencoded")],
                body: form)
            return try await HTTPClient(port: site.port).send(request)
        }

        private struct Grant: Decodable {
            let access_token: String
        }

        private func token(_ site: Site, key: String, scope: String = "") async throws -> String {
            let response = try await ask(
                "/oauth/token", "grant_type=client_credentials&scope=\(scope)", key: key, site)
            #expect(response.status == 200, "\(response.text)")
            return try JSONDecoder().decode(Grant.self, from: Data(response.message.body)).access_token
        }

        private func status(of token: String, _ site: Site) async throws -> Int {
            let request = HTTPRequest(
                target: "/v1/authorize",
                fields: [
                    ("Authorization", "Bearer \(token)"), ("X-Original-Method", "GET"),
                    ("X-Original-URI", "/v1/envelopes/7"),
                ])
            return try await HTTPClient(port: site.port).send(request).status
        }

        private func python(_ site: Site, _ name: String, _ arguments: String...) async throws {
            let script = Repository.file("Tests/Integration/Client/token_checks.py")
            let client = try Child(name, try Tool.python(), [script] + arguments, in: site.folder)
            try await Patience.wait(for: "\(name) to end", atMost: .seconds(120)) { !client.isRunning }
            #expect(client.status == 0, "\(client.output.suffix(2_000))\n\(client.errors.suffix(2_000))")
            #expect(client.output.hasSuffix("done\n"))
        }

        @Test func `PyJWT verifies what we sign, and what it forges is refused`() async throws {
            let outside = """
                outside:
                  - issuer: https://login.example
                    audience: headgate
                    keys: outside.json
                    type: JWT
                    tenants: [acme]
                    claims: { tenant: org, principal: azp }

                """
            try await with(Tokens.settings + outside) { site, key in
                try await python(site, "prepare", "prepare", site.folder.path)
                try await start(site)
                try await python(site, "check", "check", "\(site.port)", key, site.folder.path)
            }
        }

        @Test func `keys of an outside issuer are fetched, and the last good ones hold while it is down`() async throws
        {
            try await with { site, key in
                try await python(site, "prepare", "prepare", site.folder.path)
                let set = try String(contentsOfFile: site.folder.file("outside.json"), encoding: .utf8)
                try await StubServer.with { request in
                    guard request.startLine == "GET /jwks.json HTTP/1.1" else { return .close }
                    let half = set.utf8.count / 2
                    let (first, second) = (set.prefix(half), set.dropFirst(half))
                    return .bytes(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                            + "\(String(first.utf8.count, radix: 16))\r\n\(first)\r\n"
                            + "\(String(second.utf8.count, radix: 16));x=y\r\n\(second)\r\n0\r\n\r\n")
                } _: { issuer in
                    let outside = """
                        outside:
                          - issuer: https://login.example
                            audience: headgate
                            keys: http://127.0.0.1:\(issuer.port)/jwks.json
                            type: JWT
                            tenants: [acme]
                            claims: { tenant: org, principal: azp }

                        """
                    _ = try site.folder.write(Tokens.settings + outside, to: "tokens.yaml")
                    try await start(site)
                    try await Patience.wait(for: "the keys") { site.log.contains("login.example are fetched and hold") }
                    try await python(site, "first", "check", "\(site.port)", key, site.folder.path)
                }
                await site.stop()
                try await start(site)
                try await Patience.wait(for: "a failed try") { site.log.contains("those of the last time hold") }
                try await python(site, "second", "check", "\(site.port)", key, site.folder.path)
            }
        }

        @Test func `tokens and what was withdrawn outlive the process`() async throws {
            try await with { site, key in
                try await start(site)
                let (kept, withdrawn) = (try await token(site, key: key), try await token(site, key: key))
                #expect(try await ask("/oauth/revoke", "token=\(withdrawn)", key: key, site).status == 200)
                #expect(try await status(of: withdrawn, site) == 401)
                await site.stop()
                try await start(site)
                #expect(try await status(of: kept, site) == 200)
                #expect(try await status(of: withdrawn, site) == 401)
            }
        }

        @Test func `revoking the key revokes its tokens`() async throws {
            try await with { site, key in
                try await start(site)
                let token = try await token(site, key: key)
                #expect(try await status(of: token, site) == 200)
                let listed = try await site.run("directory", "list", "--directory", site.directory)
                let id = try #require(listed.output.firstMatch(of: /k_[0-9A-Z]{12}/)).output
                let revoked = try await site.run("directory", "revoke-key", "--directory", site.directory, String(id))
                #expect(revoked.status == 0, "\(revoked.errors)")
                try await Patience.wait(for: "the key to be gone") { try await status(of: token, site) == 401 }
                #expect(try await ask("/oauth/token", "grant_type=client_credentials", key: key, site).status == 401)
            }
        }

        @Test func `handles are tokens too, and end with the process`() async throws {
            try await with(Tokens.settings + "form: handle\n") { site, key in
                try await start(site)
                let handle = try await token(site, key: key, scope: "class:interactive")
                #expect(handle.hasPrefix("hg_handle_"))
                #expect(try await status(of: handle, site) == 200)
                #expect(
                    try await ask("/oauth/introspect", "token=\(handle)", key: key, site).text.contains("interactive"))
                await site.stop()
                try await start(site)
                #expect(try await status(of: handle, site) == 401)
            }
        }

        @Test(arguments: [
            ("grant_type=client_credentials", "acme%2Fweb", true, 200, "access_token"),
            ("grant_type=client_credentials", "acme%2Fother", true, 401, "invalid_client"),
            ("grant_type=client_credentials", "acme%2Fweb", false, 401, "invalid_client"),
            ("grant_type=password", "acme%2Fweb", true, 400, "unsupported_grant_type"),
            ("", "acme%2Fweb", true, 400, "invalid_request"),
            ("grant_type=client_credentials&grant_type=client_credentials", "acme%2Fweb", true, 400, "invalid_request"),
            ("grant_type=client_credentials&scope=class%3Arecovery", "acme%2Fweb", true, 400, "invalid_scope"),
            (
                "grant_type=client_credentials&scope=tier:critical%20tier:business", "acme%2Fweb", true, 400,
                "invalid_scope"
            ),
            ("grant_type=client_credentials&scope=%00", "acme%2Fweb", true, 400, "invalid_request"),
            ("grant_type=client_credentials&scope=%zz", "acme%2Fweb", true, 400, "invalid_request"),
            ("grant_type", "acme%2Fweb", true, 400, "invalid_request"),
            ("grant_type=client_credentials&client_secret=x&client_id=y", "acme%2Fweb", true, 400, "invalid_request"),
            ("grant_type=client_credentials&client_id=acme/other", "acme%2Fweb", true, 400, "invalid_request"),
        ])
        func `the token endpoint is strict`(
            form: String, client: String, hasKey: Bool, expected: Int, word: String
        ) async throws {
            try await with { site, key in
                try await start(site)
                let wrong = String(key.dropLast()) + (key.hasSuffix("0") ? "1" : "0")
                let response = try await ask("/oauth/token", form, key: hasKey ? key : wrong, client: client, site)
                #expect(response.status == expected, "\(response.text)")
                #expect(response.text.contains("\"\(word)\""))
                #expect(response.message["Cache-Control"] == "no-store")
                #expect((response.message["WWW-Authenticate"] != nil) == (expected == 401))
            }
        }

        @Test func `the key may stand in the form, and a token is no key`() async throws {
            try await with { site, key in
                try await start(site)
                func post(_ secret: String) async throws -> HTTPResponse {
                    try await HTTPClient(port: site.port).send(
                        HTTPRequest(
                            method: "POST", target: "/oauth/token",
                            fields: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                            body: "grant_type=client_credentials&client_id=acme%2Fweb&client_secret=\(secret)"))
                }
                #expect(try await post(key).status == 200)
                #expect(try await post(try await token(site, key: key)).status == 401)
            }
        }

        @Test func `a client may not have tokens made without end`() async throws {
            try await with { site, key in
                try await start(site)
                var statuses: Set<Int> = []
                for _ in 0..<400 where !statuses.contains(429) {
                    statuses.insert(try await ask("/oauth/introspect", "token=x", key: key, site).status)
                }
                #expect(statuses == [200, 429])
            }
        }

        @Test func `others hear nothing of a token`() async throws {
            try await with { site, key in
                let other = try await site.addKey(for: "small-co/automation")
                try await start(site)
                let token = try await token(site, key: key)
                let heard = try await ask(
                    "/oauth/introspect", "token=\(token)", key: other, client: "small-co/automation", site)
                #expect(heard.text == #"{"active":false}"#)
                let revoked = try await ask(
                    "/oauth/revoke", "token=\(token)", key: other, client: "small-co/automation", site)
                #expect(revoked.status == 400)
                #expect(try await status(of: token, site) == 200)
            }
        }

        @Test func `settings are taken up while the server runs, and mistakes change nothing`() async throws {
            try await with { site, key in
                try await start(site)
                let token = try await token(site, key: key)
                try (Tokens.settings + "lifetime: 1h\n").write(
                    toFile: site.folder.file("tokens.yaml"), atomically: true, encoding: .utf8)
                try await Patience.wait(for: "the mistake to be told") {
                    try await site.readiness().status == 503
                }
                #expect(site.log.contains("a lifetime is `1m` to `10m`"))
                #expect(try await status(of: token, site) == 200)
                let minimum = "minimum-policy: sha256:" + String(repeating: "a", count: 64) + "\n"
                try (Tokens.settings + minimum).write(
                    toFile: site.folder.file("tokens.yaml"), atomically: true, encoding: .utf8)
                try await Patience.wait(for: "the oldest policy") { try await status(of: token, site) == 401 }
                #expect(try await site.readiness().status == 200)
            }
        }

        @Test func `without the option there are no tokens`() async throws {
            try await with { site, key in
                try await site.start()
                #expect(try await ask("/oauth/token", "grant_type=client_credentials", key: key, site).status == 404)
                #expect(
                    try await HTTPClient(port: site.port).send(HTTPRequest(target: "/.well-known/jwks.json")).status
                        == 404)
                #expect(try await HTTPClient(port: site.port).send(HTTPRequest(target: "/oauth/token")).status == 405)
            }
        }
    }
}
