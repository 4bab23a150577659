import NIOCore
import Testing

@testable import Gateway

@Suite("HTTP/1.1 requests")
struct HTTPRequestParserTests {
    /// A request with a body, whatever the body is.
    private static func request(
        _ method: String, _ target: String, body: String = "", minorVersion: UInt8 = 1, fields: [[String]],
        authority: String = "a", keepsAlive: Bool = true
    ) -> Transcript.Request {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return Transcript.Request(
            method: method, target: target, path: parts[0], query: parts.count > 1 ? parts[1] : nil,
            authority: authority, minorVersion: minorVersion, fields: fields, body: body, keepsAlive: keepsAlive)
    }

    @Test func `a plain request is read to the last byte`() {
        let transcript = Transcript("GET /v1/check?a=b?c HTTP/1.1\r\nHost: a\r\nX-Thing:  two words \t\r\n\r\n")
        #expect(
            transcript.requests == [
                Self.request("GET", "/v1/check?a=b?c", fields: [["Host", "a"], ["X-Thing", "two words"]])
            ])
        #expect(transcript.violation == nil)
        #expect(transcript.progress == .nothing)
    }

    @Test func `a body of known length belongs to its request`() {
        let transcript = Transcript("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP")
        #expect(
            transcript.requests == [
                Self.request("POST", "/", body: "hello", fields: [["Host", "a"], ["Content-Length", "5"]])
            ])
        #expect(transcript.progress == .head)
    }

    @Test func `chunks are joined, extensions and trailers dropped`() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: Chunked\r\n\r\n"
        let body = "5;name=\"v\"\r\nhello\r\n00006 ; x\r\n world\r\n0\r\nDigest: abc\r\nContent-Length: 7\r\n\r\n"
        let transcript = Transcript(head + body + "GET")
        #expect(transcript.requests.map(\.body) == ["hello world"])
        #expect(transcript.requests.map(\.fields) == [[["Host", "a"], ["transfer-encoding", "Chunked"]]])
        #expect(transcript.progress == .head)
    }

    @Test func `pipelined requests come out in order`() {
        let text = (0..<50).map { number in
            number % 3 == 0
                ? "POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"
                : "GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n"
        }.joined()
        #expect(Transcript(text).requests.map(\.target) == (0..<50).map { "/\($0)" })
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade, Close\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nconnection: ,close ,\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", true),
        ("GET / HTTP/1.0\r\n\r\n", false),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
        ("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false),
        ("GET / HTTP/1.7\r\nHost: a\r\n\r\n", true),
    ])
    func `a connection stays if version and options say so`(text: String, stays: Bool) {
        #expect(Transcript(text).requests.map(\.keepsAlive) == [stays])
    }

    @Test(arguments: [
        ("http://other:81/p?q", "other:81", "/p", "q"),
        ("HTTPS://[::1]/", "[::1]", "/", nil),
        ("http://h", "h", "", nil),
        ("http://h?q", "h", "", "q"),
    ])
    func `a target that is a URL says which host is meant`(
        target: String, authority: String, path: String, query: String?
    ) {
        let request = Transcript("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n").requests.first
        #expect(request?.authority == authority)
        #expect(request?.path == path)
        #expect(request?.query == query)
    }

    @Test func `one empty line before a request is passed over`() {
        let transcript = Transcript("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n")
        #expect(transcript.requests.map(\.authority) == ["a", "b"])
        #expect(transcript.violation == nil)
    }

    @Test(arguments: [
        "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n", "M-SEARCH /x HTTP/1.1\r\nHost: a:80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0000\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \u{E9}\u{1F600}\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY:\t\r\n\r\n",
        "GET / HTTP/1.0\r\nExpect: whatever\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1\r\nX-Forwarded-For: 2\r\nX: 1\r\nX: 2\r\n\r\n",
    ])
    func `unusual but well-formed requests are read`(text: String) {
        let transcript = Transcript(text)
        #expect(transcript.requests.count == 1)
        #expect(transcript.violation == nil)
    }

    @Test func `every known field is found in any case, and others by name`() throws {
        for name in HTTPFieldName.allCases where ![.transferEncoding, .contentLength, .expect, .host].contains(name) {
            for spelling in [name.name.description, name.name.description.uppercased()] {
                try withRequest("GET / HTTP/1.1\r\nHost: a\r\n\(spelling): value\r\nX-Other: z\r\n\r\n") { request in
                    let head = request.head
                    let value = request.string(head[name] ?? .empty)
                    let other = request.string(request.value(ofFieldNamed: "x-other") ?? .empty)
                    let missing = request.value(ofFieldNamed: "x-othe")
                    #expect(value == "value")
                    #expect(head.fields[1].known == name)
                    #expect(other == "z")
                    #expect(missing == nil)
                }
            }
        }
    }

    @Test(arguments: [
        "Hosts", "Hos", "x-api-kez", "content-lengti", "authorizatiom", "headgate_class", "user\u{2D}agen",
    ])
    func `a name that only resembles a known one is not it`(name: String) throws {
        try withRequest("GET / HTTP/1.1\r\nHost: a\r\n\(name): value\r\n\r\n") { request in
            let known = request.head.fields[1].known
            #expect(known == nil)
        }
    }

    @Test func `all lines of a list field are found`() throws {
        try withRequest("GET / HTTP/1.1\r\nX-Forwarded-For: 1\r\nHost: a\r\nx-forwarded-for: 2, 3\r\n\r\n") { request in
            var ranges: [ByteRange] = []
            request.head.forEachValue(of: .xForwardedFor) { ranges.append($0) }
            var values: [String] = []
            for range in ranges { values.append(request.string(range)) }
            #expect(values == ["1", "2, 3"])
        }
    }

    @Test func `methods are recognised by their exact letters`() throws {
        for method in HTTPMethod.allCases where ![.other, .connect].contains(method) {
            try withRequest("\(method.name) /  HTTP/1.1\r\nHost: a\r\n\r\n".replacing("  ", with: " ")) { request in
                let found = request.method
                #expect(found == method)
            }
        }
        for text in ["get", "GETS", "PAST", "PATCI", "OPTIONZ", "X"] {
            try withRequest("\(text) / HTTP/1.1\r\nHost: a\r\n\r\n") { request in
                let found = request.method
                #expect(found == .other)
            }
        }
    }

    @Test func `permission to send a body is asked for once, and only if no body has come`() {
        let head = Array("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n".utf8)
        let chunked = Array(
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        #expect(Transcript(of: [head]).continues == 1)
        #expect(Transcript(of: [chunked]).continues == 1)
        #expect(Transcript(of: [head, Array("a".utf8), Array("b".utf8), Array("c".utf8)]).continues == 1)
        #expect(Transcript(of: [head + Array("a".utf8), Array("b".utf8)]).continues == 0)
        #expect(Transcript(of: [chunked + Array("1".utf8), Array("\r\n".utf8)]).continues == 0)
        #expect(Transcript(of: [head + Array("abc".utf8), head]).continues == 1)
    }

    /// Lends the only request of a text.
    private func withRequest(_ text: String, _ body: (borrowing HTTPRequestView) throws -> Void) throws {
        var parser = HTTPRequestParser(limits: HTTPLimits())
        var input = ByteBuffer(string: text)
        switch try parser.next(&input) {
        case .request(let request): try body(request)
        default: Issue.record("no request in \(text)")
        }
    }
}
