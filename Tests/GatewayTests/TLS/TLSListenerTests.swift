import CertificateTestSupport
import NIOCore
import NIOSSL
import Testing
import Vocabulary

@testable import Gateway

@Suite("Listeners that speak TLS", .timeLimit(.minutes(10)))
struct TLSListenerTests {
    private let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    private let fixture: TLSFixture

    init() throws { fixture = try TLSFixture() }

    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func `a connection is used again and again`(version: TLSVersion) async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connect(fixture.clientContext(maximumVersion: version))
            for _ in 0..<20 {
                try await client.send(request)
                #expect(await client.answers(1).bodies == ["/a|"])
            }
            #expect(running.listener.connectionCount == 1)
            #expect(running.count(.completed) == 1)
            try await client.close()
        }
    }

    @Test func `versions before 1_2 are refused`() async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connect(fixture.clientContext(maximumVersion: .tlsv11))
            try? await client.send(request)
            #expect(await client.answersToTheEnd().statuses.isEmpty)
            #expect(running.count(.failed) == 1)
        }
    }

    @Test func `many connections on many loops are answered`() async throws {
        try await TLSListener.with(fixture, threads: 3) { running in
            let context = try fixture.clientContext()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<50 {
                    tasks.addTask {
                        let client = try await running.connect(context)
                        try await client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        #expect(await client.answersToTheEnd().bodies == ["/\(number)|"])
                    }
                }
                try await tasks.waitForAll()
            }
            #expect(Set(running.diary.targets).count == 50)
        }
    }

    @Test func `a body of the largest size arrives whole, and a larger one is refused readably`() async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connect()
            let body = String(repeating: "x", count: 1_048_576)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n\(body)")
            #expect(await client.answers(1).bodies.map(\.utf8.count) == [1_048_576 + 2])
            // The client does not wait before it sends all of it: the answer must not drown in a reset.
            try? await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n\(body)")
            #expect(await client.answersToTheEnd().statuses == [413])
        }
    }

    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func `a client that ends its input after its requests gets all answers`(version: TLSVersion) async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connect(fixture.clientContext(maximumVersion: version))
            try await client.send(String(repeating: request, count: 100) + "GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.endOutput()
            let answers = await client.answersToTheEnd()
            #expect(answers.statuses == [Int](repeating: 200, count: 101))
            #expect(answers.bodies.last?.utf8.count == 100_000)
        }
    }

    @Test func `a body that ends too early is answered, then the connection ends`() async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            try await client.endOutput()
            #expect(await client.answersToTheEnd().statuses == [400])
            #expect(running.diary.violations == [.truncated])
        }
    }

    @Test func `more answers than any buffer holds arrive in order when the client reads late`() async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connect()
            try await client.send(String(repeating: "GET /large HTTP/1.1\r\nHost: a\r\n\r\n", count: 200) + request)
            let answers = await client.answers(201)
            #expect(answers.statuses.count == 201)
            #expect(answers.bodies.last == "/a|")
            try await client.close()
        }
    }

    @Test func `a graceful end waits for the request in work and closes what is idle or still shakes hands`()
        async throws
    {
        try await TLSListener.with(fixture) { running in
            let idle = try await running.connect()
            try await idle.send(request)
            #expect(await idle.answers(1).statuses == [200])
            let busy = try await running.connect()
            try await busy.send("GET /deferred HTTP/1.1\r\nHost: a\r\n\r\n")
            let silent = try await running.connectInTheClear()
            while running.diary.targets.count < 2 || running.listener.connectionCount < 3 { await Task.yield() }

            async let end: Void = running.listener.shutDown(within: .seconds(3_600))
            #expect(await idle.answersToTheEnd().statuses.isEmpty)
            #expect(await silent.answersToTheEnd().statuses.isEmpty)
            running.diary.takeDeferral()?.answer { writer in
                writer.start(.ok)
                writer.finish(contentType: "text/plain", body: "later")
            }
            let last = await busy.answersToTheEnd()
            #expect(last.bodies == ["later"])
            #expect(last.closes == [true])
            try? await busy.close()
            try? await idle.close()
            await end
        }
    }

    @Test func `connections count before the handshake`() async throws {
        var limits = TLSListener.patientLimits
        limits.connectionsPerPeerMax = 1
        try await TLSListener.with(fixture, limits: limits) { running in
            let silent = try await running.connectInTheClear()
            while running.listener.connectionCount < 1 { await Task.yield() }
            let second = try await running.connectInTheClear()
            #expect(await second.answersToTheEnd().statuses.isEmpty)
            #expect(running.listener.refusedConnectionCount == 1)
            try await silent.close()
        }
    }

    @Test(arguments: [(false, "http/1.1"), (true, "h2")])
    func `the best protocol that both know is agreed on`(offersHTTP2: Bool, expected: String) async throws {
        var settings = TLSSettings()
        settings.offersHTTP2 = offersHTTP2
        try await TLSListener.with(fixture, fixture.credentials(settings: settings)) { running in
            let client = try await running.connect(fixture.clientContext(offers: ["http/1.1", "h2"]))
            if expected == "h2" {
                try await client.send(String(decoding: HTTP2Client.preface + RawFrame.settings().bytes, as: UTF8.self))
                #expect(RawFrame.all(in: await client.bytes(9 + 18)).first?.kind == .settings)
            } else {
                try await client.send(request)
                #expect(await client.answers(1).statuses == [200])
            }
            #expect(client.negotiatedProtocol == expected)
            try await client.close()
        }
    }

    @Test func `what is spoken must be what was agreed on`() async throws {
        let preface = String(decoding: HTTP2Client.preface + RawFrame.settings().bytes, as: UTF8.self)
        let cases: [(String, String, HTTPViolation)] = [
            ("h2", request, .http1InsteadOfHTTP2), ("http/1.1", preface, .http2InsteadOfHTTP1),
        ]
        for (offer, text, violation) in cases {
            try await TLSListener.with(fixture) { running in
                let client = try await running.connect(fixture.clientContext(offers: [offer]))
                try await client.send(text)
                #expect(await client.answersToTheEnd().statuses == [400])
                #expect(client.negotiatedProtocol == offer)
                #expect(running.diary.violations == [violation])
                #expect(running.diary.targets.isEmpty)
            }
        }
    }

    @Test func `without an agreement the first bytes say what is spoken`() async throws {
        try await TLSListener.with(fixture) { running in
            let client = try await running.connect()
            try await client.send(String(decoding: HTTP2Client.preface + RawFrame.settings().bytes, as: UTF8.self))
            #expect(RawFrame.all(in: await client.bytes(9 + 18)).first?.kind == .settings)
            #expect(client.negotiatedProtocol == nil)
            try await client.close()
        }
    }

    @Test func `other certificates hold for new connections, and those that are open go on`() async throws {
        try await TLSListener.with(fixture) { running in
            let old = try await running.connect()
            try await old.send(request)
            #expect(await old.answers(1).statuses == [200])
            let renewed = try fixture.workshop.certificate("renewed", by: fixture.authority)
            running.terminator.replace(with: try fixture.credentials(renewed))
            let new = try await running.connect()
            for client in [new, old] {
                try await client.send(request)
                #expect(await client.answers(1).statuses == [200])
            }
            let serials = [try await old.serverSerialNumber(), try await new.serverSerialNumber()]
            #expect(
                serials == [
                    try serialNumber(of: fixture.server.certificate), try serialNumber(of: renewed.certificate),
                ])
            try await old.close()
            try await new.close()
        }
    }

    private func serialNumber(of path: String) throws -> [UInt8]? {
        try NIOSSLCertificate.fromPEMFile(path).first?.serialNumber
    }
}
