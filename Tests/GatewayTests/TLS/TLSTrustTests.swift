import CertificateTestSupport
import NIOSSL
import Testing
import Vocabulary

@testable import Gateway

@Suite("Whom a TLS listener trusts", .timeLimit(.minutes(10)))
struct TLSTrustTests {
    private let fixture: TLSFixture

    init() throws { fixture = try TLSFixture() }

    private func with(
        _ clients: TLSSettings.ClientCertificates = .required, trusted names: [String]? = nil,
        _ body: (TLSListener) async throws -> Void
    ) async throws {
        var settings = TLSSettings()
        settings.clientCertificates = clients
        settings.trustedNames = names
        let credentials = try fixture.credentials(clientAuthority: fixture.authority, settings: settings)
        try await TLSListener.with(fixture, credentials) { try await body($0) }
    }

    /// Certificates that do not hold.
    private enum Bad: CaseIterable {
        case expired, foreign, forServers, selfSigned
    }

    private func certificate(_ kind: Bad) throws -> Workshop.Certificate {
        switch kind {
        case .expired: try fixture.client(days: -1)
        case .foreign: try fixture.client(by: fixture.workshop.authority("foreign"))
        case .forServers: try fixture.client(usage: "serverAuth")
        case .selfSigned: try fixture.workshop.authority("own")
        }
    }

    @Test func `nobody is trusted by address, not even on loopback`() async throws {
        try await TLSListener.with(fixture) { running in
            let trust = try await running.trust()
            #expect(trust == "stranger")
        }
    }

    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func `a client is trusted whose certificate comes from the authority`(version: TLSVersion) async throws {
        try await with { running in
            let context = try fixture.clientContext(fixture.client(), maximumVersion: version)
            #expect(try await running.trust(context) == "clientCertificate")
        }
    }

    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func `a client without a certificate gets no connection where one is required`(version: TLSVersion) async throws {
        try await with { running in
            let trust = try await running.trust(fixture.clientContext(maximumVersion: version))
            #expect(trust == nil)
            #expect(running.count(.clientCertificate) == 1)
            #expect(running.diary.targets.isEmpty)
        }
    }

    @Test func `a client without a certificate is a stranger where one is optional`() async throws {
        try await with(.optional) { running in
            #expect(try await running.trust() == "stranger")
            let trust = try await running.trust(fixture.clientContext(fixture.client()))
            #expect(trust == "clientCertificate")
        }
    }

    @Test(arguments: Bad.allCases, TLSSettings.ClientCertificates.allCases)
    private func `a certificate that does not hold gets no connection`(
        kind: Bad, clients: TLSSettings.ClientCertificates
    ) async throws {
        try await with(clients) { running in
            let trust = try await running.trust(fixture.clientContext(certificate(kind)))
            #expect(trust == nil)
            #expect(running.count(.clientCertificate) == 1)
            #expect(running.diary.targets.isEmpty)
        }
    }

    @Test(arguments: [
        ("DNS:proxy.example", "clientCertificate"), ("DNS:PROXY.example", "clientCertificate"),
        ("URI:spiffe://example.org/edge", "clientCertificate"),
        ("DNS:other.example,DNS:proxy.example", "clientCertificate"),
        ("URI:spiffe://example.org/EDGE", "stranger"), ("DNS:other.example", "stranger"),
        ("DNS:*.example", "stranger"), ("email:proxy.example@proxy.example", "stranger"),
    ])
    func `of the certificates that hold, those with a trusted name are trusted`(
        names: String, expected: String
    ) async throws {
        try await with(trusted: ["proxy.example", "spiffe://example.org/edge"]) { running in
            // The common name is the trusted one in all of them, and does not count.
            let client = try fixture.client("proxy.example", names: names)
            let trust = try await running.trust(fixture.clientContext(client))
            #expect(trust == expected)
        }
    }

    @Test func `a certificate that has expired since it was verified is trusted no longer`() throws {
        let terminator = TLSTerminator(try fixture.credentials())
        let path = try fixture.client().certificate
        let certificate = try #require(try NIOSSLCertificate.fromPEMFile(path).first)
        #expect(terminator.trust(of: certificate, at: certificate.expiry) == .clientCertificate)
        let later = WallTime(milliseconds: certificate.expiry.milliseconds + 1)
        #expect(terminator.trust(of: certificate, at: later) == nil)
        #expect(terminator.trust(of: nil, at: certificate.expiry) == nil)
    }
}
