import NIOCore
import Testing

@testable import Gateway

/// HTTP/2 fields that would be something else in HTTP/1.1: nothing of them may be read as a further field or request.
@Suite("HTTP/2 fields that HTTP/1.1 cannot hold")
struct HTTP2SmugglingTests {
    /// Sends one request with a field, and says how it went.
    private func status(of fields: [(String, String)]) throws -> (status: String?, targets: [String]) {
        let client = try HTTP2Client()
        try client.send(.headers(1, fields))
        return (client.answers[1]?.status, client.connection.diary.targets)
    }

    @Test(arguments: [
        "\r\n", "\n", "\r", "\0", "\u{7F}", "\u{1}", "\r\nX: 1", "\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
    ])
    func `line ends and control characters in a value go no further`(nasty: String) throws {
        for value in ["a\(nasty)b", "\(nasty)b", "a\(nasty)"] {
            let (status, targets) = try status(of: HTTP2Client.head() + [("x-a", value)])
            #expect(status != "200", "\(value.debugDescription)")
            #expect(targets.isEmpty, "\(value.debugDescription)")
        }
    }

    @Test(arguments: ["\r\n", "\n", "\0", " ", "\t", ":", "\u{7F}", "é", "(", "\"", ": v\r\nx"])
    func `a name that is no name goes no further`(nasty: String) throws {
        for name in ["x\(nasty)y", "\(nasty)y", "x\(nasty)"] where name != ": v\r\nx" {
            let (status, targets) = try status(of: HTTP2Client.head() + [(name, "v")])
            #expect(status != "200", "\(name.debugDescription)")
            #expect(targets.isEmpty, "\(name.debugDescription)")
        }
    }

    @Test(arguments: [
        "/a b", "/a HTTP/1.1\r\nX: 1\r\n\r\nGET /b", "/a\r\n", "/a\n", "/a\0", " /a", "/a ", "/a\t", "/a#b", "/ä", "a",
    ])
    func `a path that is no target goes no further`(path: String) throws {
        let (status, targets) = try status(of: HTTP2Client.head("GET", path))
        #expect(status != "200")
        #expect(targets.isEmpty)
    }

    @Test(arguments: ["GET /b HTTP/1.1\r\n\r\nGET", "G T", "GET\r\n", "", "G:T", "GET /b"])
    func `a method that is no method goes no further`(method: String) throws {
        let (status, targets) = try status(of: HTTP2Client.head(method, "/a"))
        #expect(status != "200")
        #expect(targets.isEmpty)
    }

    @Test(arguments: ["a\r\nX: 1", "a b", "a/b", "a@b", "", "a,b"])
    func `an authority that is no host goes no further`(authority: String) throws {
        let head = HTTP2Client.head().map { $0.0 == ":authority" ? (":authority", authority) : $0 }
        let (status, targets) = try status(of: head)
        #expect(status != "200")
        #expect(targets.isEmpty)
    }

    @Test(arguments: [
        ("connection", "close"), ("transfer-encoding", "chunked"), ("keep-alive", "1"), ("proxy-connection", "close"),
        ("upgrade", "h2c"), ("te", "gzip"), ("X-Upper", "1"), ("", "v"),
    ])
    func `a field that belongs to a connection of HTTP/1.1 makes the request malformed`(
        name: String, value: String
    ) throws {
        let (status, targets) = try status(of: HTTP2Client.head() + [(name, value)])
        #expect(status != "200")
        #expect(targets.isEmpty)
    }

    @Test func `the length of the body is the framing's, whatever the field says`() throws {
        let client = try HTTP2Client()
        try client.request(1, "POST", "/a", fields: [("content-length", "4")], body: "four")
        #expect(client.answers[1]?.text == "/a|four")
        for (stream, length) in [(UInt32(3), "3"), (5, "5"), (7, "-1"), (9, "x"), (11, "0x4")] {
            try client.request(stream, "POST", "/a", fields: [("content-length", length)], body: "four")
            #expect(client.answers[stream]?.status != "200", "content-length: \(length)")
        }
        #expect(client.connection.diary.targets == ["/a"])
        #expect(client.heldBytes == 0)
    }

    @Test func `a credential that stands twice is refused as in HTTP/1.1`() throws {
        for name in ["authorization", "x-api-key"] {
            let (status, targets) = try status(of: HTTP2Client.head() + [(name, "a"), (name, "b")])
            #expect(status == "400")
            #expect(targets.isEmpty)
        }
    }
}
