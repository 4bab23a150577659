import CertificateTestSupport
import NIOCore
import NIOPosix
import NIOSSL
import Testing
import Vocabulary

@testable import Gateway

@Suite("Clients that do not shake hands as they should", .timeLimit(.minutes(10)))
struct TLSStrangerTests {
    private let fixture: TLSFixture

    init() throws { fixture = try TLSFixture() }

    @Test(arguments: ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "POST"])
    func `a client that speaks plain HTTP is told so`(text: String) async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connectInTheClear()
            try await client.send(text)
            let answers = await client.answersToTheEnd()
            #expect(answers.statuses == [400])
            #expect(answers.closes == [true])
            #expect(answers.bodies.first?.contains("This port speaks TLS only: use https.") == true)
            #expect(running.diary.violations == [.plaintextToTLS])
            #expect(running.diary.targets.isEmpty)
            #expect(running.count(.plaintext) == 1)
        }
    }

    @Test func `a client that speaks neither is closed without a word`() async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connectInTheClear()
            try await client.send("\u{0}\u{1}\u{2}")
            #expect(await client.answersToTheEnd().rest.isEmpty)
            #expect(running.count(.plaintext) == 1)
        }
    }

    @Test func `a handshake that is none is closed`() async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connectInTheClear()
            try await client.send("\u{16}\u{3}\u{1}\u{0}\u{5}hello")
            _ = await client.answersToTheEnd()
            while running.listener.connectionCount > 0 { await Task.yield() }
            #expect(running.count(.failed) == 1)
        }
    }

    @Test(arguments: ["", "\u{16}\u{3}\u{1}"])
    func `a client that leaves in the middle is forgotten`(text: String) async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connectInTheClear()
            try await client.send(text)
            while running.listener.connectionCount < 1 { await Task.yield() }
            try await client.close()
            while running.listener.connectionCount > 0 { await Task.yield() }
            #expect(running.count(.abandoned) == 1)
        }
    }

    @Test(arguments: ["", "\u{16}\u{3}\u{1}"])
    func `a client that ends its input before the handshake is closed`(text: String) async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connectInTheClear()
            try await client.send(text)
            try await client.endOutput()
            _ = await client.answersToTheEnd()
            while running.listener.connectionCount > 0 { await Task.yield() }
            #expect(running.count(.abandoned) == 1)
        }
    }

    @Test func `a client that trusts other authorities only goes away`() async throws {
        try await TLSListener.with(fixture) { running in
            var configuration = TLSConfiguration.makeClientConfiguration()
            let other = try fixture.workshop.authority("other")
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(other.certificate))
            #expect(try await running.trust(NIOSSLContext(configuration: configuration)) == nil)
            while running.listener.connectionCount > 0 { await Task.yield() }
            #expect(running.count(.failed) + running.count(.completed) == 1)
        }
    }

    @Test func `TLS to a port that is in the clear ends at once`() async throws {
        let group = NIOSingletons.posixEventLoopGroup
        let diary = ScriptedResponder.Diary()
        let listener = try await Listener.start(at: ListenAddress("127.0.0.1:0"), on: group) { eventLoop in
            ScriptedResponder(diary: diary, eventLoop: eventLoop)
        }
        let client = try await TestClient.connect(to: listener.port, on: group, tls: fixture.clientContext())
        #expect(await client.answersToTheEnd().statuses.isEmpty)
        #expect(diary.violations == [.notHTTP])
        await listener.shutDown(within: .zero)
    }
}
