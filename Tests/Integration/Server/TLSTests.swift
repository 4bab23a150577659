import CertificateTestSupport
import Foundation
import NIOSSL
import Testing

extension ServerTests {
    /// The running server by TLS: certificates of both sides, their renewal, and clients of other makers.
    @Suite struct TLS {
        private let act = Check(tenant: "acme", operation: "submit-signature")

        private func with(_ body: (Site, Certificates) async throws -> Void) async throws {
            let directory = try Example.signing.text("directory.yaml")
            try await Site.with(policy: try Example.signing.policy(), directory: directory) { site in
                try await body(site, try Certificates(in: site.folder))
            }
        }

        @Test func `a client with a certificate may name tenants, and one without gets nothing`() async throws {
            try await with { site, certificates in
                try await site.start(certificates.mutualOptions + ["--listen", "0.0.0.0:0"])
                #expect(site.log.contains("serves on https://0.0.0.0:"))
                site.tls = try certificates.context(showing: certificates.client)
                #expect(try await site.check(act).isAdmitted)
                let stranger = try certificates.context()
                let request = HTTPRequest(target: "/healthz")
                await #expect(throws: (any Error).self) {
                    try await HTTPClient(port: site.port, tls: stranger).send(request)
                }
                let metrics = try await site.metrics()
                #expect(metrics.sum("headgate_tls_handshakes_total", #"result="client_certificate""#) == 1)
                #expect(metrics.sum("headgate_tls_handshakes_total", #"result="completed""#) == 2)
                let expiry = metrics.sum("headgate_tls_certificate_expiry_timestamp_seconds")
                #expect((29...30).contains((expiry - Int(Date().timeIntervalSince1970)) / 86_400))
            }
        }

        @Test func `a certificate may let somebody in without making it trusted`() async throws {
            try await with { site, certificates in
                let other = try certificates.workshop.certificate(
                    "other", by: certificates.authority, names: "DNS:other.example", usage: "clientAuth")
                try await site.start(
                    certificates.mutualOptions + ["--tls-client", "optional", "--tls-trusted", "proxy.example"])
                site.tls = try certificates.context(showing: certificates.client)
                #expect(try await site.check(act).isAdmitted)
                let ready = HTTPRequest(target: "/readyz")
                for context in [try certificates.context(showing: other), try certificates.context()] {
                    site.tls = context
                    await #expect(throws: HTTPConnection.Refused.self) { try await site.check(act) }
                    #expect(try await HTTPClient(port: site.port, tls: context).send(ready).status == 200)
                }
            }
        }

        @Test func `certificates change under load without a lost request`() async throws {
            try await with { site, certificates in
                try await site.start(certificates.mutualOptions)
                let tls = try certificates.context(showing: certificates.client)
                site.tls = tls
                let (load, _) = try await Load.with(port: site.port, tls: tls, asking: act) { _ in
                    for round in 1...4 {
                        let renewed = try certificates.workshop.certificate(
                            "renewed-\(round)", by: certificates.authority)
                        try certificates.replaceServer(with: renewed)
                        try await Patience.wait(for: "certificate \(round)") {
                            try await shows(renewed, site, certificates)
                        }
                    }
                }
                #expect(load.failures.isEmpty)
                #expect(load.unanswered == 0)
                #expect(load.admitted > 0)
                #expect(try await site.readiness().status == 200)
            }
        }

        @Test func `a pair that does not match changes nothing and is told of, and a good one mends it`() async throws {
            try await with { site, certificates in
                try await site.start(certificates.mutualOptions)
                site.tls = try certificates.context(showing: certificates.client)
                let renewed = try certificates.workshop.certificate("renewed", by: certificates.authority)
                let first = try certificates.keepServer()
                let mixed = Workshop.Certificate(certificate: renewed.certificate, key: certificates.client.key)
                try certificates.replaceServer(with: mixed)
                try await Patience.wait(for: "the bad pair to be noticed") {
                    try await site.readiness().status == 503
                }
                let problem = try #require(try await site.readiness().body.problems.first)
                #expect(problem.part == "tls")
                #expect(problem.problem.contains("does not belong to the first certificate"))
                #expect(site.log.contains("does not belong to the first certificate"))
                #expect(try await shows(first, site, certificates))
                #expect(try await site.check(act).isAdmitted)

                try certificates.replaceServer(with: renewed)
                try await Patience.wait(for: "the good pair") { try await site.readiness().status == 200 }
                #expect(try await shows(renewed, site, certificates))
                // A mistake in the policy is no reason to stay with an old certificate.
                try "nonsense".write(toFile: site.policy, atomically: true, encoding: .utf8)
                try await Patience.wait(for: "the bad policy") { try await site.readiness().status == 503 }
                let last = try certificates.workshop.certificate("last", by: certificates.authority)
                try certificates.replaceServer(with: last)
                site.send(SIGHUP)
                try await Patience.wait(for: "the last") {
                    try await shows(last, site, certificates)
                }
            }
        }

        @Test func `expired certificates are served with a warning`() async throws {
            try await with { site, certificates in
                let expired = try certificates.workshop.certificate("expired", by: certificates.authority, days: -1)
                try certificates.replaceServer(with: expired)
                try await site.start(certificates.options)
                #expect(site.log.contains(/server.pem expired at 20\d\d-/))
            }
        }

        @Test func `a server that is told to stop finishes what it is at`() async throws {
            try await with { site, certificates in
                try await site.start(certificates.mutualOptions)
                let tls = try certificates.context(showing: certificates.client)
                try await HTTPConnection.with(port: site.port, tls: tls) { connection in
                    let check = HTTPRequest(
                        method: "POST", target: "/v1/check", body: #"{"tenant":"acme","operation":"submit-signature"}"#)
                    let half = check.bytes.count - 10
                    try await connection.write(HTTPRequest(target: "/healthz").bytes + check.bytes[..<half])
                    #expect(try await connection.read().status == 200)
                    site.send(SIGTERM)
                    let port = site.port
                    try await Patience.wait(for: "the port to close") { await !FreePort.isOpen(port) }
                    try await connection.write(check.bytes[half...])
                    let response = try await connection.read()
                    #expect(response.status == 200)
                    #expect(response["Connection"] == "close")
                    #expect(try await connection.readIfAny() == nil)
                }
                #expect(try await site.waitForEnd() == 0)
                #expect(site.log.contains("headgate has stopped"))
            }
        }

        @Test(arguments: ["--tlsv1.2", "--tlsv1.3"])
        func `curl gets its answer`(version: String) async throws {
            try await with { site, certificates in
                try await site.start(certificates.mutualOptions)
                let output = try await ProcessUnderTest.output(
                    of: Tool.curl(),
                    [
                        "--silent", "--show-error", "--http1.1", version, "--cacert",
                        certificates.authority.certificate,
                        "--cert", certificates.client.certificate, "--key", certificates.client.key,
                        "--data", #"{"tenant":"acme","operation":"submit-signature"}"#,
                        "https://localhost:\(site.port)/v1/check",
                    ], in: site.folder)
                #expect(output.contains(#""decision":"admit""#))
            }
        }

        @Test func `openssl finds a good chain, TLS 1_3 and the protocol it asked for`() async throws {
            try await with { site, certificates in
                try await site.start(certificates.options)
                let output = try await ProcessUnderTest.output(
                    of: Tool.openssl(),
                    [
                        "s_client", "-connect", "localhost:\(site.port)", "-CAfile", certificates.authority.certificate,
                        "-verify_return_error", "-alpn", "http/1.1",
                    ], in: site.folder)
                #expect(output.contains("Verify return code: 0 (ok)"))
                #expect(output.contains("TLSv1.3"))
                #expect(output.contains("ALPN protocol: http/1.1"))
            }
        }

        /// Whether the server shows a certificate to a new connection.
        private func shows(
            _ certificate: Workshop.Certificate, _ site: Site, _ certificates: Certificates
        ) async throws -> Bool {
            let expected = try NIOSSLCertificate.fromPEMFile(certificate.certificate).first?.serialNumber
            let tls = try certificates.context(showing: certificates.client)
            return try await HTTPConnection.with(port: site.port, tls: tls) { connection in
                _ = try await connection.send(HTTPRequest(target: "/healthz"))
                let shown = try await connection.serverSerialNumber()
                return shown == expected
            }
        }
    }
}
