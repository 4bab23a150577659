import CertificateTestSupport
import Foundation
import Testing

extension ServerTests {
    /// Who may name tenants, and what strangers see, where others than this machine can connect.
    @Suite struct Trust {
        private static let token = String(repeating: "first-", count: 8)
        private static let nextToken = String(repeating: "second-", count: 8)
        private static let everywhere = ["--listen", "0.0.0.0:0", "--insecure"]
        private let act = HTTPRequest(
            method: "POST", target: "/v1/check", body: #"{"tenant":"acme","operation":"submit-signature"}"#)

        private func with(_ body: (Site) async throws -> Void) async throws {
            let directory = try Example.signing.text("directory.yaml")
            try await Site.with(policy: try Example.signing.policy(), directory: directory) { try await body($0) }
        }

        private func writeTokens(_ tokens: [String], _ site: Site) throws -> String {
            let path = site.folder.file("tokens")
            try (tokens.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            return path
        }

        private func send(_ request: HTTPRequest, _ site: Site, token: String? = nil) async throws -> HTTPResponse {
            var request = request
            if let token { request.fields.append(("Headgate-Gateway-Token", token)) }
            return try await HTTPClient(port: site.port, tls: site.tls).send(request)
        }

        @Test func `beyond loopback a credential speaks for itself, and nobody may name a tenant`() async throws {
            try await with { site in
                let key = try await site.addKey(for: "acme/web")
                try await site.start(Trust.everywhere)
                let response = try await send(act, site)
                #expect(response.status == 403)
                #expect(response.text.contains("Headgate-Gateway-Token"))
                let batch = HTTPRequest(
                    method: "POST", target: "/v1/check/batch", body: #"{"requests":[\#(act.body ?? "")]}"#)
                #expect(try await send(batch, site).status == 403)
                let answer = try await site.check(Check(credential: key, operation: "submit-signature"))
                #expect(answer.tenant == "acme")
                #expect(site.log.contains("without TLS (--insecure)"))
                #expect(site.log.contains("nobody is trusted"))
            }
        }

        @Test func `a stranger hears whether the server is ready, and nothing else about it`() async throws {
            try await with { site in
                try await site.start(Trust.everywhere)
                let readiness = try await send(HTTPRequest(target: "/readyz"), site)
                #expect(readiness.status == 200)
                #expect(readiness.text == #"{"ready":true,"stopping":false}"#)
                #expect(try await send(HTTPRequest(target: "/healthz"), site).text == "ok\n")
                let metrics = try await send(HTTPRequest(target: "/metrics"), site)
                #expect(metrics.status == 403)
                #expect(!metrics.text.contains("headgate_"))
                #expect(try await send(HTTPRequest(target: "/v1/health"), site).status == 403)
                let told = HTTPRequest(method: "PUT", target: "/v1/health/load", body: #"{"state":"overloaded"}"#)
                #expect(try await send(told, site).status == 403)
                #expect(try await send(told, site, token: "wrong").status == 403)
            }
        }

        @Test func `a gateway token makes a caller trusted, and is never written down`() async throws {
            try await with { site in
                let path = try writeTokens([Trust.token], site)
                try await site.start(Trust.everywhere + ["--gateway-token-file", path])
                #expect(try await send(act, site, token: Trust.token).status == 200)
                #expect(try await send(HTTPRequest(target: "/metrics"), site, token: Trust.token).status == 200)
                let readiness = try await send(HTTPRequest(target: "/readyz"), site, token: Trust.token)
                #expect(readiness.text.contains(#""policyName":"signing-platform""#))
                for wrong in ["", "first-", Trust.nextToken, Trust.token + "x"] {
                    let response = try await send(act, site, token: wrong)
                    #expect(response.status == 403)
                    #expect(response.text.contains("this token is not known here"))
                }
                #expect(try await send(act, site).status == 403)
                #expect(!site.log.contains("first-"))
                #expect(!site.log.contains("second-"))
            }
        }

        @Test func `a token that stands twice is nobody's`() async throws {
            try await with { site in
                try await site.start(Trust.everywhere + ["--gateway-token-file", writeTokens([Trust.token], site)])
                var request = act
                request.fields = [("Headgate-Gateway-Token", "x")]
                #expect(try await send(request, site, token: Trust.token).status == 400)
            }
        }

        @Test func `tokens are replaced without a gap`() async throws {
            try await with { site in
                let path = try writeTokens([Trust.token], site)
                try await site.start(Trust.everywhere + ["--gateway-token-file", path])
                _ = try writeTokens([Trust.token, Trust.nextToken], site)
                try await Patience.wait(for: "the second token") {
                    try await send(act, site, token: Trust.nextToken).status == 200
                }
                #expect(try await send(act, site, token: Trust.token).status == 200)
                _ = try writeTokens([Trust.nextToken], site)
                try await Patience.wait(for: "the end of the first token") {
                    try await send(act, site, token: Trust.token).status == 403
                }
                #expect(try await send(act, site, token: Trust.nextToken).status == 200)

                _ = try writeTokens(["short"], site)
                try await Patience.wait(for: "the bad tokens to be noticed") {
                    try await send(HTTPRequest(target: "/readyz"), site).status == 503
                }
                let readiness = try await send(HTTPRequest(target: "/readyz"), site, token: Trust.nextToken)
                #expect(readiness.text.contains(#""part":"tokens""#))
                #expect(readiness.text.contains("tokens:1: a token is shorter than 32 characters"))
            }
        }

        @Test func `on loopback everybody is trusted in the clear, and nobody by TLS alone`() async throws {
            try await with { site in
                let certificates = try Certificates(in: site.folder)
                try await site.start(["--gateway-token-file", writeTokens([Trust.token], site)])
                #expect(try await send(act, site).status == 200)
                await site.stop()
                try await site.start(
                    certificates.options + ["--gateway-token-file", writeTokens([Trust.token], site)])
                site.tls = try certificates.context()
                #expect(try await send(act, site).status == 403)
                #expect(try await send(act, site, token: Trust.token).status == 200)
            }
        }

        @Test func `one address gets a quarter of the connections beyond loopback`() async throws {
            try await with { site in
                let tokens = try writeTokens([Trust.token], site)
                try await site.start(Trust.everywhere + ["--connections", "8", "--gateway-token-file", tokens])
                let port = site.port
                try await HTTPConnection.with(port: port) { first in
                    #expect(try await first.send(HTTPRequest(target: "/healthz")).status == 200)
                    try await HTTPConnection.with(port: port) { second in
                        #expect(try await second.send(HTTPRequest(target: "/healthz")).status == 200)
                        await #expect(throws: (any Error).self) {
                            try await HTTPClient(port: port).send(HTTPRequest(target: "/healthz"))
                        }
                        let metrics = HTTPRequest(
                            target: "/metrics", fields: [("Headgate-Gateway-Token", Trust.token)])
                        let counted = Metrics(try await second.send(metrics).text)
                        #expect(counted.sum("headgate_connections") == 2)
                        #expect(counted.sum("headgate_connections_refused_total") == 1)
                    }
                }
            }
        }
    }
}
