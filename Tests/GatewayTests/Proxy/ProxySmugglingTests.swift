import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

/// Requests that two parties might read differently: what the upstream sees of them, or that they are refused.
@Suite("Requests that are smuggled through the proxy")
struct ProxySmugglingTests {
    /// What has been made of the bytes of one client, for whom each upstream answers every request.
    private struct Outcome {
        /// The requests that upstreams saw.
        var passed: [StrictRequest] = []
        /// The statuses that the client got.
        var statuses: [Int] = []
        var hasEnded = false
        var isAtRest = false
    }

    /// Sends bytes, answers what is passed on, and ends the connection.
    ///
    /// `KEY` stands for the field with the principal's key, and `~` for how a request begins that has it.
    private func outcome(of text: String, trust: HTTPPeer.Trust? = nil) throws -> Outcome {
        let world = try ProxyWorld()
        let client = try world.connect(trust)
        let whole = text.replacing("~", with: "POST /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\n")
        client.send(whole.replacing("KEY", with: "X-API-Key: \(world.credential)"))
        var outcome = Outcome()
        var answer = ""
        for _ in 0..<8 {
            world.eventLoop.run()
            for upstream in world.doors.opened where upstream.channel.isActive {
                let requests = try StrictRequest.all(in: try upstream.received())
                outcome.passed += requests
                for _ in requests { upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
            }
            answer += try client.received()
        }
        outcome.statuses = Answers(answer).statuses
        outcome.hasEnded = client.hasEnded
        client.reset()
        outcome.isAtRest = world.isAtRest
        return outcome
    }

    @Test(arguments: [
        ("CL.TE", "~Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG", 400),
        ("TE.CL", "~Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n1\r\nZ\r\n0\r\n\r\n", 400),
        ("two codings", "~Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n", 400),
        ("an unknown coding", "~Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
        ("codings in a list", "~Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        ("chunked, identity", "~Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501),
        ("a vertical tab", "~Transfer-Encoding: \u{B}chunked\r\n\r\n0\r\n\r\n", 400),
        ("a blank before the colon", "~Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        ("a folded coding", "~Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
        ("a coding in HTTP/1.0", "GET /t/a HTTP/1.0\r\nKEY\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("two lengths", "~Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        ("the same length twice", "~Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400),
        ("lengths in a list", "~Content-Length: 1, 1\r\n\r\na", 400),
        ("a length with a sign", "~Content-Length: +1\r\n\r\na", 400),
        ("a negative length", "~Content-Length: -1\r\n\r\na", 400),
        ("a hexadecimal length", "~Content-Length: 0x1\r\n\r\na", 400),
        ("an empty length", "~Content-Length:\r\n\r\na", 400),
        ("a bare line feed", "GET /t/a HTTP/1.1\nHost: a\r\nKEY\r\n\r\n", 400),
        ("a field that ends with a line feed", "GET /t/a HTTP/1.1\r\nHost: a\nKEY\r\n\r\n", 400),
        ("a bare carriage return", "GET /t/a HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\nKEY\r\n\r\n", 400),
        ("a folded field", "GET /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nX: a\r\n b\r\n\r\n", 400),
        ("a folded first field", "GET /t/a HTTP/1.1\r\n X: a\r\nHost: a\r\nKEY\r\n\r\n", 400),
        ("NUL in a name", "GET /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nX\0Y: a\r\n\r\n", 400),
        ("NUL in a value", "GET /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nX: a\0b\r\n\r\n", 400),
        ("a blank in a name", "GET /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nX Y: a\r\n\r\n", 400),
        ("two hosts", "GET /t/a HTTP/1.1\r\nHost: a\r\nHost: b\r\nKEY\r\n\r\n", 400),
        ("a host in a list", "GET /t/a HTTP/1.1\r\nHost: a, b\r\nKEY\r\n\r\n", 400),
        ("a host with a path", "GET /t/a HTTP/1.1\r\nHost: a/b\r\nKEY\r\n\r\n", 400),
        ("two blanks", "GET  /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\n\r\n", 400),
        ("a second target", "GET /t/a /t/b HTTP/1.1\r\nHost: a\r\nKEY\r\n\r\n", 400),
        ("another version", "GET /t/a HTTP/1.2.3\r\nHost: a\r\nKEY\r\n\r\n", 400),
        ("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\nKEY\r\n\r\n", 501),
    ])
    func `what is ambiguous is refused, and nothing behind it is read`(name: String, text: String, status: Int) throws {
        let outcome = try outcome(of: text + "GET /t/smuggled HTTP/1.1\r\nHost: a\r\nKEY\r\n\r\n")
        #expect(outcome.passed.isEmpty, "\(name)")
        #expect(outcome.statuses == [status], "\(name)")
        #expect(outcome.hasEnded, "\(name)")
        #expect(outcome.isAtRest, "\(name)")
    }

    @Test(arguments: [
        "1;a\r\nZ\r\n0\r\n\r\n", "01\r\nZ\r\n0\r\n\r\n", "1 ;a=\"b\"\r\nZ\r\n000\r\n\r\n", "1\r\nZ\r\n0;x\r\n\r\n",
    ])
    func `chunks are framed anew, without extensions and odd sizes`(body: String) throws {
        let head = "POST /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nTransfer-Encoding: Chunked\r\n\r\n"
        let outcome = try outcome(of: head + body + "GET /t/next HTTP/1.1\r\nHost: a\r\nKEY\r\n\r\n")
        #expect(outcome.passed.map(\.target) == ["/t/a", "/t/next"])
        #expect(outcome.passed.first?.body == Array("Z".utf8))
        #expect(outcome.passed.first?.values(of: "transfer-encoding") == ["chunked"])
        #expect(outcome.statuses == [200, 200])
        #expect(outcome.isAtRest)
    }

    @Test(arguments: [
        "0x1\r\nZ\r\n0\r\n\r\n", "+1\r\nZ\r\n0\r\n\r\n", "-1\r\nZ\r\n0\r\n\r\n", " 1\r\nZ\r\n0\r\n\r\n",
        "1\nZ\r\n0\r\n\r\n", "1\r\nZ\n0\r\n\r\n", "1\r\nZX\r\n0\r\n\r\n", "1\rZ\r\n0\r\n\r\n", "G\r\n", "\r\n",
        "10000000000000001\r\nZ\r\n0\r\n\r\n", "1;a\u{1}\r\nZ\r\n0\r\n\r\n", "0\r\nA b: c\r\n\r\n", "0\r\n b\r\n\r\n",
    ])
    func `chunks that are no chunks end the connection`(body: String) throws {
        let head = "POST /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nTransfer-Encoding: chunked\r\n\r\n"
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send((head + body).replacing("KEY", with: "X-API-Key: \(world.credential)"))
        client.send(world.request("GET /t/smuggled"))
        var passed = ""
        for upstream in world.doors.opened { passed += try upstream.received() }
        #expect(!passed.contains("/t/smuggled"))
        // What was begun is never ended: an upstream cannot take it for a whole request.
        #expect(throws: StrictRequest.Malformed.self) { try StrictRequest.only(in: passed) }
        #expect(world.doors.opened.allSatisfy { $0.hasEnded })
        #expect(try Answers(client.received()).statuses == [400])
        #expect(client.hasEnded)
        client.reset()
        #expect(world.isAtRest)
    }

    @Test func `what follows a broken body that nobody wanted is no request`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        // Refused before its body is read; its "chunk" is a request line.
        client.send(
            "POST /t/a HTTP/1.1\r\nHost: a\r\nHeadgate-Timeout-Ms: no\r\nTransfer-Encoding: chunked\r\n\r\n"
                + world.request("GET /t/smuggled"))
        #expect(try Answers(client.received()).statuses == [400])
        #expect(client.hasEnded)
        #expect(world.doors.opened.isEmpty)
    }

    @Test func `the absolute form decides about the host, and goes no further`() throws {
        let outcome = try outcome(of: "GET http://real.example/t/a?b HTTP/1.1\r\nHost: other\r\nKEY\r\n\r\n")
        #expect(outcome.passed.map(\.target) == ["/t/a?b"])
        #expect(outcome.passed.first?.values(of: "host") == ["real.example"])
        #expect(outcome.passed.first?.values(of: "x-forwarded-host") == ["real.example"])
    }

    @Test func `an absolute form without a path is decided as the root, which it is`() throws {
        let outcome = try outcome(of: "GET http://a HTTP/1.1\r\nHost: a\r\nKEY\r\n\r\n")
        #expect(outcome.passed.map(\.target) == ["/"])
        #expect(outcome.passed.first?.values(of: "headgate-operation") == ["things"])
    }

    /// Fields that a client sends, and those that must be missing at the upstream.
    @Test(
        arguments: [
            ("Connection: close, Content-Length\r\nContent-Length: 1", []),
            ("Connection: Headgate-Tenant", []),
            ("Connection: X-API-Key, Authorization", []),
            ("Connection: x-a\r\nX-A: 1", ["x-a"]), ("Connection: X-A, ,x-b\r\nX-A: 1\r\nx-B: 2", ["x-a", "x-b"]),
            ("Keep-Alive: 1", ["keep-alive"]), ("Proxy-Connection: keep-alive", ["proxy-connection"]),
            ("Proxy-Authorization: x", ["proxy-authorization"]), ("Proxy-Authenticate: x", ["proxy-authenticate"]),
            ("TE: gzip", ["te"]),
            ("Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: A", ["upgrade", "http2-settings"]),
            ("Connection: Upgrade\r\nUpgrade: websocket, h2c", ["upgrade"]), ("Upgrade: websocket", ["upgrade"]),
            ("Connection: upgrade\r\nUpgrade: HTTP/2.0", ["upgrade"]), ("Expect: 100-continue", ["expect"]),
            ("Headgate_Tenant: evil", ["headgate_tenant"]), ("HEADGATE-Anything: evil", ["headgate-anything"]),
            ("Headgate-Gateway-Token: t", ["headgate-gateway-token"]), ("X_API_Key: other", ["x_api_key"]),
            ("X-API_Key: other", ["x-api_key"]), ("Transfer_Encoding: chunked", ["transfer_encoding"]),
            ("Content_Length: 5", ["content_length"]), ("Idempotency_Key: a", ["idempotency_key"]),
            ("X-Real-IP: 1.2.3.4", ["x-real-ip"]), ("X_Real_IP: 1.2.3.4", ["x_real_ip"]),
            ("Forwarded: for=1.2.3.4", ["forwarded"]), ("X_Forwarded_For: 1.2.3.4", ["x_forwarded_for"]),
            ("X-Forwarded-Method: PUT\r\nX-Forwarded-Uri: /b", ["x-forwarded-method", "x-forwarded-uri"]),
            ("X-Forwarded-Prefix: /b", ["x-forwarded-prefix"]),
            ("X-Original-Method: PUT\r\nX-Original-Uri: /b", ["x-original-method", "x-original-uri"]),
            ("X-Original-URL: /b\r\nX-Original-Host: b", ["x-original-url", "x-original-host"]),
            ("X_Original_URL: /b\r\nX-Rewrite-URL: /b", ["x_original_url", "x-rewrite-url"]),
            ("X-HTTP-Method-Override: DELETE", ["x-http-method-override"]),
            ("X-Http-Method: DELETE\r\nX-Method-Override: DELETE", ["x-http-method", "x-method-override"]),
            ("X_HTTP_Method_Override: DELETE", ["x_http_method_override"]),
        ] as [(String, [String])])
    func `fields of the connection, and those that only we may say, go no further`(
        fields: String, missing: [String]
    ) throws {
        let body = fields.hasSuffix("Content-Length: 1") ? "x" : ""
        let outcome = try outcome(of: "POST /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\n\(fields)\r\n\r\n\(body)")
        try #require(outcome.passed.count == 1)
        let request = outcome.passed[0]
        #expect(request.body == Array(body.utf8))
        for name in missing { #expect(request.values(of: name).isEmpty, "\(name) in \(request.fields)") }
        #expect(request.values(of: "connection").isEmpty)
        #expect(request.values(of: "headgate-tenant") == ["acme"])
        #expect(request.values(of: "x-api-key").count == 1)
        #expect(request.values(of: "x-forwarded-for") == ["198.51.100.7"])
        #expect(request.values(of: "x-forwarded-proto") == ["http"])
        #expect(outcome.isAtRest)
    }

    @Test func `a proxy that is trusted may say where a request comes from, but not who we say it is`() throws {
        let outcome = try outcome(
            of: "GET /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n"
                + "X-Forwarded-Proto: https\r\nForwarded: for=1.2.3.4\r\nX_Forwarded_For: 9.9.9.9\r\n"
                + "X-Original-URL: /b\r\nX-HTTP-Method-Override: PUT\r\nHeadgate-Tenant: evil\r\n\r\n",
            trust: .loopback)
        let request = try #require(outcome.passed.first)
        #expect(request.values(of: "x-forwarded-for") == ["1.2.3.4, 5.6.7.8, 198.51.100.7"])
        #expect(request.values(of: "x-forwarded-proto") == ["https"])
        #expect(request.values(of: "forwarded") == ["for=1.2.3.4"])
        #expect(request.values(of: "x-original-url") == ["/b"])
        #expect(request.values(of: "x-http-method-override") == ["PUT"])
        #expect(request.values(of: "x_forwarded_for").isEmpty)
        #expect(request.values(of: "headgate-tenant") == ["acme"])
    }

    @Test func `trailers say nothing that fields of the head could not`() throws {
        let outcome = try outcome(
            of: "POST /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nZ\r\n0\r\n"
                + "X-Sum:  15\t\r\nHeadgate-Tenant: evil\r\nContent-Length: 5\r\nHost: b\r\nX-Forwarded-For: 1\r\n"
                + "Authorization: x\r\nheadgate_tier: high\r\nX_API_Key: k\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(outcome.passed.first?.trailers == [["x-sum", "15"]])
    }

    @Test func `seeded noise is one request to the upstream, or none`() throws {
        let seeds = [
            "POST /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /t/b HTTP/1.1\r\nHost: a\r\nKEY\r\n\r\n",
            "POST /t/a HTTP/1.1\r\nHost: a\r\nKEY\r\nTransfer-Encoding: chunked\r\nConnection: x-y\r\nX-Y: 1\r\n\r\n"
                + "3;a=b\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
            "GET http://a/t/a HTTP/1.1\r\nHost: b\r\nKEY\r\nX-Forwarded-For: 1\r\nUpgrade: x\r\n"
                + "Connection: upgrade\r\n\r\n",
        ]
        var generator = SeededGenerator(seed: 27)
        var passed = 0
        for round in 0..<1_500 {
            let text = String(decoding: generator.mutated(Array(seeds[round % 3].utf8)), as: UTF8.self)
            // Throws when an upstream is sent something that is not whole requests, or is sent something in addition.
            let world = try ProxyWorld()
            let client = try world.connect()
            client.send(text.replacing("KEY", with: "X-API-Key: \(world.credential)"))
            world.eventLoop.run()
            for upstream in world.doors.opened {
                let sent = try upstream.received()
                guard !sent.isEmpty else { continue }
                passed += 1
                // Whole, or begun and never ended: then more must be missing.
                if let requests = try? StrictRequest.all(in: sent) {
                    #expect(requests.count == 1, "\(text.debugDescription)")
                } else {
                    let whole = try StrictRequest.all(in: sent + ProxySmugglingTests.rest(of: sent))
                    #expect(whole.count == 1, "\(text.debugDescription)")
                }
            }
            client.reset()
            #expect(world.isAtRest, "\(text.debugDescription)")
        }
        #expect(passed > 200)
    }

    /// What a message that has been begun needs to be whole.
    private static func rest(of sent: String) -> String {
        guard let end = sent.firstRange(of: "\r\n\r\n") else { return "" }
        let body = sent[end.upperBound...].utf8.count
        for line in sent[..<end.lowerBound].split(separator: "\r\n") {
            if line.hasPrefix("Content-Length: "), let length = Int(line.dropFirst(16)) {
                return String(repeating: "x", count: max(0, length - body))
            }
        }
        return "0\r\n\r\n"
    }
}
