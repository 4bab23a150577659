import CertificateTestSupport
import Directory
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Vocabulary

@testable import Gateway

/// Certificates in a folder of one test's own, which goes when the test lets go of it.
final class TLSFixture: Sendable {
    let workshop: Workshop
    /// Signs the server's certificates and those of clients that are known.
    let authority: Workshop.Certificate
    /// The server's own.
    let server: Workshop.Certificate

    private static let count = Atomic(0)

    init() throws {
        let number = TLSFixture.count.add(1, ordering: .relaxed).newValue
        let path = NSTemporaryDirectory() + "/headgate-tls-\(ProcessInfo.processInfo.processIdentifier)-\(number)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        workshop = Workshop(folder: path)
        authority = try workshop.authority()
        server = try workshop.certificate("server", by: authority)
    }

    deinit { try? FileManager.default.removeItem(atPath: workshop.folder) }

    /// A certificate for clients.
    func client(
        _ name: String = "client", by issuer: Workshop.Certificate? = nil, names: String = "DNS:client.example",
        usage: String = "clientAuth", days: Int = 30
    ) throws -> Workshop.Certificate {
        try workshop.certificate(name, by: issuer ?? authority, names: names, usage: usage, days: days)
    }

    /// Reads a file as the server does.
    func read(_ path: String) throws -> FileReading { try FileReading(path, byteCountMax: 1 << 20) }

    /// What a server with these files has.
    func credentials(
        _ server: Workshop.Certificate? = nil, clientAuthority: Workshop.Certificate? = nil,
        settings: TLSSettings = TLSSettings(), at now: WallTime = WallTime.now()
    ) throws -> TLSCredentials {
        let server = server ?? self.server
        let files = TLSFiles(
            certificate: try read(server.certificate), key: try read(server.key),
            clientAuthorities: try clientAuthority.map { try read($0.certificate) })
        return try TLSCredentials(files, settings: settings, at: now)
    }

    /// What a client speaks TLS with that trusts the authority, and may have a certificate to show.
    func clientContext(
        _ certificate: Workshop.Certificate? = nil, maximumVersion: TLSVersion = .tlsv13, offers: [String] = []
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority.certificate))
        // A client that may be half closed waits in vain for an end that it has already been told of.
        configuration.shutdownTimeout = .milliseconds(10)
        configuration.maximumTLSVersion = maximumVersion
        configuration.applicationProtocols = offers
        if let certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.certificate).map {
                .certificate($0)
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }
}

/// A listener that speaks TLS, for the length of a test.
struct TLSListener {
    let fixture: TLSFixture
    let terminator: TLSTerminator
    let listener: Listener<ScriptedResponder>
    let diary: ScriptedResponder.Diary
    let group: any EventLoopGroup

    /// Limits of time so long that a busy machine does not reach them.
    static var patientLimits: ListenerLimits {
        var limits = ListenerLimits()
        limits.handshakeTimeMax = .seconds(3_600)
        limits.headTimeMax = .seconds(3_600)
        limits.bodyTimeMax = .seconds(3_600)
        limits.idleTimeMax = .seconds(3_600)
        limits.writeTimeMax = .seconds(3_600)
        return limits
    }

    /// Runs a listener with some credentials while the body runs.
    static func with(
        _ fixture: TLSFixture, _ credentials: TLSCredentials? = nil, limits: ListenerLimits = patientLimits,
        threads: Int = 2, _ body: (TLSListener) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let diary = ScriptedResponder.Diary()
        let terminator = TLSTerminator(try credentials ?? fixture.credentials())
        let listener = try await Listener.start(
            at: ListenAddress("127.0.0.1:0"), on: group, limits: limits, tls: terminator
        ) { eventLoop in
            ScriptedResponder(diary: diary, eventLoop: eventLoop)
        }
        let running = TLSListener(
            fixture: fixture, terminator: terminator, listener: listener, diary: diary, group: group)
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(running)) } catch { outcome = .failure(error) }
        await listener.shutDown(within: .zero)
        // A closed connection is discounted a moment after its socket is gone.
        while listener.connectionCount > 0 { await Task.yield() }
        try await group.shutdownGracefully()
        try outcome.get()
    }

    /// Connects by TLS.
    func connect(_ context: NIOSSLContext? = nil) async throws -> TestClient {
        try await TestClient.connect(
            to: listener.port, on: group, tls: try context ?? fixture.clientContext())
    }

    /// Connects without TLS.
    func connectInTheClear() async throws -> TestClient { try await TestClient.connect(to: listener.port, on: group) }

    /// What a client that asks whether it is trusted hears; nothing if it gets no connection.
    func trust(_ context: NIOSSLContext? = nil) async throws -> String? {
        let client = try await connect(context)
        try? await client.send("GET /trust HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        return await client.answersToTheEnd().bodies.first
    }

    /// How many handshakes ended in some way.
    func count(_ ending: TLSHandshakeEnding) -> UInt64 {
        terminator.handshakes.counts.first { $0.ending == ending }?.count ?? 0
    }
}
