@testable import Gateway

/// RFC 9113 §8: malformed requests.
extension ConformanceCase {
    static let messages: [ConformanceCase] = pseudoFields + otherFields + values + bodies

    private static let head = HTTP2Client.head()

    private static let pseudoFields: [ConformanceCase] = [
        ConformanceCase("§8.3 a request", .answer(200), request(head)),
        ConformanceCase(
            "§8.3 a pseudo field behind another field", .streamError(.protocolError), request([("a", "b")] + head)),
        ConformanceCase("§8.3 an unknown pseudo field", .streamError(.protocolError), request(head + [(":x", "1")])),
        ConformanceCase(
            "§8.3 a pseudo field of answers", .streamError(.protocolError), request(head + [(":status", "200")])),
        ConformanceCase("§8.3.1 no method", .streamError(.protocolError), request(head.filter { $0.0 != ":method" })),
        ConformanceCase("§8.3.1 no scheme", .streamError(.protocolError), request(head.filter { $0.0 != ":scheme" })),
        ConformanceCase("§8.3.1 no path", .streamError(.protocolError), request(head.filter { $0.0 != ":path" })),
        ConformanceCase(
            "§8.3.1 an empty path", .streamError(.protocolError),
            request(head.map { $0.0 == ":path" ? (":path", "") : $0 })),
        ConformanceCase("§8.3.1 two methods", .streamError(.protocolError), request([(":method", "GET")] + head)),
        ConformanceCase("§8.3.1 two schemes", .streamError(.protocolError), request([(":scheme", "http")] + head)),
        ConformanceCase("§8.3.1 two paths", .streamError(.protocolError), request([(":path", "/")] + head)),
        ConformanceCase("§8.3.1 two authorities", .streamError(.protocolError), request([(":authority", "b")] + head)),
    ]

    private static let otherFields: [ConformanceCase] = [
        ConformanceCase("§8.2.1 a name in capitals", .streamError(.protocolError), request(head + [("X-A", "1")])),
        ConformanceCase("§8.2.2 connection", .streamError(.protocolError), request(head + [("connection", "close")])),
        ConformanceCase(
            "§8.2.2 te other than trailers", .streamError(.protocolError), request(head + [("te", "gzip")])),
        ConformanceCase("§8.2.2 te: trailers", .answer(200), request(head + [("te", "trailers")])),
        ConformanceCase(
            "§8.5 CONNECT, which is not served here", .streamError(.protocolError),
            request([(":method", "CONNECT"), (":authority", "a:1")])),
    ]

    /// Values that no field may have, in requests of both kinds.
    private static let values: [ConformanceCase] =
        [" v", "v ", "\tv", "v\t", " ", "\t", "a\0b", "a\rb", "a\nb", "a\u{1}b", "a\u{7F}"].flatMap { value in
            let name = "§8.2.1 the value \(value.debugDescription)"
            let field = [("x-a", value)]
            return [
                ConformanceCase(name, .streamError(.protocolError), request(head + field)),
                ConformanceCase("\(name) in a call", .streamError(.protocolError), request(call() + field)),
                ConformanceCase(
                    "\(name) in a path of a call", .streamError(.protocolError), request(call("/s\(value)"))),
                ConformanceCase("\(name) in trailers", .streamError(.protocolError), open, .headers(1, field)),
            ]
        } + [
            ConformanceCase("§8.2.1 a tab and a blank in a value", .answer(200), request(head + [("x-a", "a \tb")])),
            ConformanceCase("§8.2.1 an empty value", .answer(200), request(head + [("x-a", "")])),
            ConformanceCase("§8.2.1 letters beyond ASCII in a value", .answer(200), request(head + [("x-a", "é")])),
            ConformanceCase("§8.3.1 a blank in a path of a call", .streamError(.protocolError), request(call("/a b"))),
            ConformanceCase("§8.3.1 a path of a call that is not there", .answer(200), request(call("/s/m"))),
        ]

    private static func call(_ path: String = GRPCMethod.checkHealth.text) -> [(String, String)] {
        HTTP2Client.callHead(path)
    }

    private static let bodies: [ConformanceCase] = [
        ConformanceCase(
            "§8.1 a second head that does not end the stream", .streamError(.protocolError), open,
            .headers(1, [("a", "b")], ends: false)),
        ConformanceCase(
            "§8.1 a pseudo field in trailers", .streamError(.protocolError), open, .headers(1, [(":method", "GET")])),
        ConformanceCase(
            "§8.1.1 a body shorter than its length", .streamError(.protocolError),
            .headers(1, HTTP2Client.head("POST") + [("content-length", "2")], ends: false), .data(1, "x", ends: true)),
        ConformanceCase(
            "§8.1.1 a body longer than its length", .streamError(.protocolError),
            .headers(1, HTTP2Client.head("POST") + [("content-length", "2")], ends: false), .data(1, "xxx", ends: true)),
        ConformanceCase(
            "§8.1.1 a length without a body", .streamError(.protocolError), request(head + [("content-length", "2")])),
        ConformanceCase(
            "§8.1.1 two lengths", .streamError(.protocolError),
            .headers(1, HTTP2Client.head("POST") + [("content-length", "1"), ("content-length", "2")], ends: false),
            .data(1, "x", ends: true)),
    ]
}

/// RFC 7541: the compression of fields.
extension ConformanceCase {
    static let compression: [ConformanceCase] = [
        ConformanceCase("RFC 7541 §6.1 index 0", .connectionError(.compression), .block(1, block + [0x80])),
        ConformanceCase(
            "RFC 7541 §2.3.3 an index beyond the table", .connectionError(.compression), .block(1, block + [0xC6])),
        ConformanceCase(
            "RFC 7541 §5.1 an index that never ends", .connectionError(.compression),
            .block(1, block + [0xFF] + [UInt8](repeating: 0xFF, count: 12))),
        ConformanceCase(
            "RFC 7541 §6.3 a table larger than allowed", .connectionError(.compression),
            .block(1, [0x3F, 0xE2, 0x1F] + block)),
        ConformanceCase(
            "RFC 7541 §4.2 a change of the table behind a field", .connectionError(.compression),
            .block(1, block + [0x20])),
        ConformanceCase("RFC 7541 §4.2 a change of the table in front", .answer(200), .block(1, [0x20] + block)),
        ConformanceCase(
            "RFC 7541 §5.2 padding of Huffman's code with zeros", .connectionError(.compression),
            .block(1, block + [0, 1, 0x61, 0x81, 0x00])),
        ConformanceCase(
            "RFC 7541 §5.2 padding of Huffman's code of a whole byte", .connectionError(.compression),
            .block(1, block + [0, 1, 0x61, 0x82, 0x1F, 0xFF])),
        ConformanceCase(
            "RFC 7541 §5.2 the end of Huffman's code as a letter", .connectionError(.compression),
            .block(1, block + [0, 1, 0x61, 0x84, 0xFF, 0xFF, 0xFF, 0xFC])),
        ConformanceCase(
            "RFC 7541 §5.2 a text that leads beyond the block", .connectionError(.compression),
            .block(1, block + [0, 1, 0x61, 0x7F, 0xFF, 0x01])),
        ConformanceCase(
            "RFC 7541 §2.3 a field from the table", .answer(200), .block(1, block + [0x40, 1, 0x61, 1, 0x62, 0xBE])),
    ]
}
