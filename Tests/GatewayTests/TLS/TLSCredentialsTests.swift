import CertificateTestSupport
import Directory
import Foundation
import Testing
import Vocabulary

@testable import Gateway

@Suite("Certificates and keys from files")
struct TLSCredentialsTests {
    private let fixture: TLSFixture

    init() throws { fixture = try TLSFixture() }

    private func problem(
        certificate: String? = nil, key: String? = nil, authority: Workshop.Certificate? = nil
    ) throws -> String {
        let server = Workshop.Certificate(
            certificate: certificate ?? fixture.server.certificate, key: key ?? fixture.server.key)
        let problem = #expect(throws: TLSProblem.self) {
            try fixture.credentials(server, clientAuthority: authority)
        }
        return problem?.description.replacing(fixture.workshop.folder + "/", with: "") ?? ""
    }

    private func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: fixture.workshop.file(name), atomically: true, encoding: .utf8)
        return fixture.workshop.file(name)
    }

    @Test func `good files have an expiry and no warnings`() throws {
        let credentials = try fixture.credentials(clientAuthority: fixture.authority)
        #expect(credentials.warnings.isEmpty)
        let days = (credentials.expiry.milliseconds - WallTime.now().milliseconds) / 86_400_000
        #expect((29...30).contains(days))
    }

    @Test func `a key that belongs to another certificate is told from one that is damaged`() throws {
        let other = try fixture.workshop.certificate("other", by: fixture.authority)
        #expect(
            try problem(key: other.key)
                == "the key in other.key does not belong to the first certificate in server.pem: "
                + "the server's own certificate stands first, those of its authorities behind it")
        let text = try String(contentsOfFile: fixture.server.key, encoding: .utf8)
        let damaged = try write(
            text.split(separator: "\n").enumerated().filter { $0.offset != 1 }.map(\.element).joined(separator: "\n"),
            to: "damaged.key")
        #expect(try problem(key: damaged).hasPrefix("damaged.key holds a damaged key"))
    }

    @Test func `a chain begins with the server's own certificate`() throws {
        let own = try String(contentsOfFile: fixture.server.certificate, encoding: .utf8)
        let authority = try String(contentsOfFile: fixture.authority.certificate, encoding: .utf8)
        let good = Workshop.Certificate(
            certificate: try write(own + authority, to: "chain.pem"), key: fixture.server.key)
        #expect(throws: Never.self) { try fixture.credentials(good) }
        #expect(try problem(certificate: write(authority + own, to: "chain.pem")).contains("does not belong"))
        let strict = try fixture.workshop.authority("strict", usage: "keyCertSign")
        #expect(
            try problem(certificate: strict.certificate, key: strict.key)
                == "the first certificate in strict.pem cannot be a server's own; those of its authorities stand behind it"
        )
    }

    @Test func `an encrypted key is refused with what to do, in both forms`() throws {
        let (modern, old) = (fixture.workshop.file("modern.key"), fixture.workshop.file("old.key"))
        try fixture.workshop.openssl(
            "pkcs8", "-topk8", "-in", fixture.server.key, "-passout", "pass:x", "-out", modern)
        try fixture.workshop.openssl(
            "ec", "-in", fixture.server.key, "-aes128", "-passout", "pass:x", "-out", old)
        for name in ["modern.key", "old.key"] {
            #expect(
                try problem(key: fixture.workshop.file(name))
                    == "the key in \(name) is encrypted, and nobody is there to "
                    + "type the passphrase: write it decrypted to a file for Headgate alone (openssl pkey -in \(name), "
                    + "chmod 600)")
        }
    }

    @Test func `files that are no PEM say so`() throws {
        let certificate = fixture.workshop.file("server.der")
        try fixture.workshop.openssl(
            "x509", "-in", fixture.server.certificate, "-outform", "der", "-out", certificate)
        #expect(
            try problem(certificate: certificate)
                == "server.der is not PEM; if it is DER, convert it: openssl x509 -inform der -in server.der")
        #expect(
            try problem(key: write("", to: "empty.key"))
                == "empty.key is not PEM; if it is DER, convert it: openssl pkey -inform der -in empty.key")
    }

    @Test func `files that are mixed up say so`() throws {
        #expect(try problem(certificate: fixture.server.key) == "server.key holds no certificate")
        #expect(try problem(key: fixture.server.certificate) == "server.pem holds no private key")
        let keyAsAuthority = Workshop.Certificate(certificate: fixture.authority.key, key: fixture.authority.key)
        #expect(try problem(authority: keyAsAuthority) == "authority.key holds no certificate")
        let begin = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        #expect(try problem(certificate: write(begin, to: "bad.pem")) == "bad.pem holds a damaged certificate")
        let bad = Workshop.Certificate(certificate: try write(begin, to: "bad.pem"), key: fixture.authority.key)
        #expect(try problem(authority: bad) == "bad.pem holds a damaged authority")
    }

    @Test func `certificates whose time is not now are warned of, with the time`() throws {
        let expired = try fixture.workshop.certificate("expired", by: fixture.authority, days: -1)
        let credentials = try fixture.credentials(expired)
        let warning = try #require(credentials.warnings.first)
        #expect(warning.contains("expired.pem expired at \(credentials.expiry.description): "))
        #expect(credentials.expiry < WallTime.now())
        let early = try fixture.credentials(at: WallTime(milliseconds: 0))
        #expect(early.warnings.first?.contains("server.pem is not valid before ") == true)
    }

    @Test(arguments: [(0o600, false), (0o440, false), (0o644, true), (0o660, true)])
    func `a key that others may read is warned of`(permissions: Int, isWarnedOf: Bool) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: permissions], ofItemAtPath: fixture.server.key)
        let warnings = try fixture.credentials().warnings
        #expect(warnings.contains { $0.contains("server.key is open to others (mode 6") } == isWarnedOf)
    }
}
