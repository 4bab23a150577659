/// Rows that break HTTP.
extension BadRequest {
    private static let host = "Host: a\r\n"

    private static func violation(_ name: String, _ text: String, _ status: Int, _ detail: String) -> BadRequest {
        BadRequest(name: name, bytes: Array(text.utf8), status: status, detail: detail, isViolation: true)
    }

    /// The first line.
    static var lines: [BadRequest] {
        [
            BadRequest(
                name: "TLS", bytes: [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], status: 400, detail: "speaking TLS",
                isViolation: true),
            violation("no version", "GET /healthz\r\n\r\n", 400, "a method, a target and a version"),
            violation("HTTP/2.0 in text", "GET /healthz HTTP/2.0\r\n\(host)\r\n", 505, "Only HTTP/1.1"),
            violation("two spaces", "GET  /healthz HTTP/1.1\r\n\(host)\r\n", 400, "one space"),
            violation("a method that is none", "G@T /healthz HTTP/1.1\r\n\(host)\r\n", 400, "The method"),
            violation("CONNECT", "CONNECT a:1 HTTP/1.1\r\n\(host)\r\n", 501, "CONNECT is not supported"),
            violation("a target without a slash", "GET healthz HTTP/1.1\r\n\(host)\r\n", 400, "The request target"),
            violation("a fragment", "GET /a#b HTTP/1.1\r\n\(host)\r\n", 400, "fragment"),
            violation("a target outside of ASCII", "GET /é HTTP/1.1\r\n\(host)\r\n", 400, "visible ASCII"),
            violation("line feeds alone", "GET /healthz HTTP/1.1\n\(host)\n", 400, "line feed alone"),
            violation("a carriage return alone", "GET /healthz\r HTTP/1.1\r\n\(host)\r\n", 400, "carriage return"),
            violation(
                "a line too long", "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\n\(host)\r\n", 414,
                "8192 bytes"),
        ]
    }

    /// The fields.
    static var fields: [BadRequest] {
        func get(_ name: String, _ fields: String, _ detail: String, status: Int = 400) -> BadRequest {
            violation(name, "GET /healthz HTTP/1.1\r\n\(fields)\r\n", status, detail)
        }
        return [
            get("no host", "", "needs a Host"),
            get("two hosts", host + host, "host stands there twice"),
            get("a host with a space", "Host: a b\r\n", "The host is not"),
            get("a space before the colon", host + "X : y\r\n", "White space stands between"),
            get("no colon", host + "X\r\n", "no colon"),
            get("a folded field", host + " X: y\r\n", "may not continue"),
            get("a zero byte in a value", host + "X: a\u{0}b\r\n", "control character"),
            get("a field without a name", host + ": b\r\n", "field name is empty"),
            get(
                "fields too large", host + "X: \(String(repeating: "a", count: 20_000))\r\n", "16384 bytes", status: 431
            ),
            get("too many fields", host + String(repeating: "X: a\r\n", count: 120), "100 header fields", status: 431),
            get("an expectation", host + "Expect: 200-ok\r\nContent-Length: 2\r\n", "100-continue", status: 417),
        ]
    }

    /// What says where the body ends.
    static var framing: [BadRequest] {
        func post(_ name: String, _ rest: String, _ status: Int, _ detail: String) -> BadRequest {
            violation(name, "POST /v1/check HTTP/1.1\r\n\(host)\(rest)", status, detail)
        }
        let chunked = "Transfer-Encoding: chunked\r\n"
        return [
            post("both lengths", "Content-Length: 5\r\n\(chunked)\r\n0\r\n\r\n", 400, "exclude each other"),
            post("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400, "twice"),
            post("a list of lengths", "Content-Length: 5, 5\r\n\r\nhello", 400, "one decimal number"),
            post("a negative length", "Content-Length: -1\r\n\r\n", 400, "one decimal number"),
            post("a length beyond integers", "Content-Length: 99999999999999999999\r\n\r\n", 413, "1048576 bytes"),
            post("a body too large", "Content-Length: 2000000\r\n\r\n", 413, "1048576 bytes"),
            post("another coding", "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "chunked"),
            violation("chunks in HTTP/1.0", "POST /v1/check HTTP/1.0\r\n\(chunked)\r\n", 400, "HTTP/1.0"),
            post("a chunk size in words", "\(chunked)\r\nzz\r\n", 400, "hexadecimal"),
            post("a chunk that goes on", "\(chunked)\r\n3\r\nabcde\r\n", 400, "end of its line"),
            post("a chunk too large", "\(chunked)\r\n200000\r\n", 413, "1048576 bytes"),
            BadRequest(
                name: "a head that is cut off", bytes: Array("GET /hea".utf8), status: 400, detail: "in the middle",
                isViolation: true, isCutOff: true),
            BadRequest(
                name: "a body that is cut off",
                bytes: Array("POST /v1/check HTTP/1.1\r\n\(host)Content-Length: 50\r\n\r\n{".utf8), status: 400,
                detail: "in the middle", isViolation: true, isCutOff: true),
        ]
    }

    /// Calls that are HTTP, but nothing that the server has.
    static var targets: [BadRequest] {
        func call(_ name: String, _ line: String, _ status: Int, _ detail: String, fields: String = "") -> BadRequest {
            BadRequest(
                name: name, bytes: Array("\(line) HTTP/1.1\r\n\(host)\(fields)\r\n".utf8), status: status,
                detail: detail)
        }
        let method = "X-Original-Method: GET\r\n"
        return [
            call("an unknown path", "GET /nope", 404, "/v1/check/batch"),
            call("a path that only begins like one", "GET /ext_authzz/v1/x", 404, "/ext_authz/"),
            call("the check call by GET", "GET /v1/check", 405, "POST"),
            call("health by DELETE", "DELETE /healthz", 405, "GET, HEAD"),
            call("a method that nobody knows", "BREW /healthz", 405, "GET, HEAD"),
            call("a proxy that says nothing", "GET /v1/authorize", 400, "method is missing"),
            call("a proxy that names no URI", "GET /v1/authorize", 400, "URI is missing", fields: method),
            call(
                "two proxies that differ", "GET /v1/authorize", 400, "differ",
                fields: method + "X-Original-URI: /a\r\nX-Forwarded-Uri: /b\r\n"),
            call("an absolute target behind Envoy's prefix", "GET http://a/ext_authz/v1/x", 400, "Send the path alone"),
        ]
    }
}
