import Testing

@testable import Gateway

/// Whose answer an answer says it is.
@Suite("Answers that say whose they are")
struct ProxyStatusTests {
    @Test(arguments: [
        ("GET /t/a HTTP/1.1\r\n\r\n", 400), ("GET /t/a HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        ("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("POST /t/a HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n", 417),
        ("POST /t/a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999\r\n\r\n", 413),
        ("GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n", 431),
    ])
    func `a request that breaks the rules hears that no upstream has answered`(text: String, status: Int) throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(text)
        let answer = try client.received()
        #expect(Answers(answer).statuses == [status])
        #expect(answer.contains("\r\nProxy-Status: headgate; error=http_request_error; details=\""))
        #expect(world.doors.opened.isEmpty)
    }

    @Test(
        arguments: [
            ("Proxy-Status: headgate; error=x", nil), ("Proxy-Status: HEADGATE", nil),
            ("Proxy-Status: \"headgate\"; details=\"a, b\"", nil),
            ("Proxy-Status: edge; error=dns_error, headgate; error=x", "edge; error=dns_error"),
            ("Proxy-Status: headgate, edge; details=\"x, headgate\\\"\", b", "edge; details=\"x, headgate\\\"\", b"),
            ("Proxy-Status: edge; details=\"\r\nProxy-Status: \", headgate; error=x", nil),
            ("Proxy-Status: headgate2;error=x,  b", "headgate2;error=x,  b"),
        ] as [(String, String?)])
    func `an upstream does not speak in our name`(field: String, left: String?) throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        try world.upstream().send(
            "HTTP/1.1 502 No\r\n\(field)\r\nIdempotent-Replayed: true\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n")
        let answer = try client.received()
        #expect(answer.contains("\r\nX-A: 1\r\n"))
        #expect(!answer.contains("Idempotent-Replayed"))
        if let left {
            #expect(answer.contains("\r\nProxy-Status: \(left)\r\n"))
        } else {
            #expect(!answer.contains("Proxy-Status"))
        }
    }

    @Test func `nor does it in what follows the body`() throws {
        let world = try ProxyWorld()
        let client = try world.connect()
        client.send(world.request())
        try world.upstream().send(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nProxy-Status: headgate; error=x\r\n"
                + "Idempotent-Replayed: true\r\nX-U: 1\r\n\r\n")
        #expect(try client.received().hasSuffix("\r\n0\r\nX-U: 1\r\n\r\n"))
    }
}
