/// An HTTP/1.1 message as it stood on the wire.
struct HTTPMessage: Sendable {
    /// The first line: `GET / HTTP/1.1` or `HTTP/1.1 200 OK`.
    let startLine: String
    /// The fields in their order, names as they were written.
    let fields: [(name: String, value: String)]
    /// The content, without the framing of chunks.
    let body: [UInt8]

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of a field, in their order; the case of the name does not matter.
    func values(of name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The value of a field that is there exactly once; else `nil`.
    subscript(name: String) -> String? {
        let values = values(of: name)
        return values.count == 1 ? values[0] : nil
    }
}

/// A request to send.
struct HTTPRequest: Sendable {
    /// The method.
    var method = "GET"
    /// The target, sent as it stands.
    var target: String
    /// The fields, sent in this order after `Host`.
    var fields: [(name: String, value: String)] = []
    /// The content; `nil` sends none and no `Content-Length`.
    var body: String?

    /// The bytes on the wire.
    var bytes: [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: api.example\r\n"
        for field in fields { head += "\(field.name): \(field.value)\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        return Array("\(head)\r\n\(body ?? "")".utf8)
    }
}

/// An answer.
struct HTTPResponse: Sendable {
    /// The status.
    let status: Int
    /// The whole message.
    let message: HTTPMessage

    /// Reads the status line.
    init(_ message: HTTPMessage) throws {
        let parts = message.startLine.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
            throw HTTPMessageReader.Malformed(what: "the status line \"\(message.startLine)\"")
        }
        self.status = status
        self.message = message
    }

    /// The body as text.
    var text: String { message.text }

    /// The value of a field that is there exactly once.
    subscript(name: String) -> String? { message[name] }
}
