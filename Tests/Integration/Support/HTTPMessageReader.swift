/// Puts messages together from bytes as they come in (RFC 9112 §6): enough of HTTP/1.1 for tests, and strict.
struct HTTPMessageReader {
    /// Whether the messages have no body whatever their fields say: answers to HEAD.
    let isWithoutBody: Bool
    /// Whether a body without framing ends with the connection: answers.
    let mayEndWithConnection: Bool
    private var bytes: [UInt8] = []

    /// A reader of answers to a method.
    init(answersTo method: String) {
        isWithoutBody = method == "HEAD"
        mayEndWithConnection = true
    }

    /// A reader of requests.
    init() {
        isWithoutBody = false
        mayEndWithConnection = false
    }

    /// Takes in what has arrived.
    mutating func append(_ chunk: some Sequence<UInt8>) { bytes += chunk }

    /// Takes out the next message; `nil` as long as it is not complete.
    ///
    /// Interim answers (1xx) are passed over. `atEnd` says that the connection has ended.
    mutating func next(atEnd: Bool = false) throws -> HTTPMessage? {
        while let head = try Head(bytes) {
            let isInterim = head.startLine.hasPrefix("HTTP/1.1 1")
            var body: (content: [UInt8], end: Int)? = ([], head.end)
            if !isInterim, !isWithoutBody { body = try content(after: head, atEnd: atEnd) }
            guard let body else { break }
            bytes.removeFirst(body.end)
            if isInterim { continue }
            return HTTPMessage(startLine: head.startLine, fields: head.fields, body: body.content)
        }
        guard !atEnd || bytes.isEmpty else { throw Malformed(what: "a message that ends too early") }
        return nil
    }

    /// The content behind a head and where it ends; `nil` as long as it is not complete.
    private func content(after head: Head, atEnd: Bool) throws -> (content: [UInt8], end: Int)? {
        if head.values(of: "transfer-encoding").contains("chunked") { return try chunks(from: head.end) }
        if let length = head.values(of: "content-length").first {
            guard let count = Int(length) else { throw Malformed(what: "the length \"\(length)\"") }
            let end = head.end + count
            return bytes.count >= end ? (Array(bytes[head.end..<end]), end) : nil
        }
        let isEmpty = !mayEndWithConnection || ["204", "304"].contains(head.startLine.split(separator: " ")[1])
        if isEmpty { return ([], head.end) }
        return atEnd ? (Array(bytes[head.end...]), bytes.count) : nil
    }

    private func chunks(from start: Int) throws -> (content: [UInt8], end: Int)? {
        var content: [UInt8] = []
        var position = start
        while let lineEnd = HTTPMessageReader.lineEnd(in: bytes, from: position) {
            let line = String(decoding: bytes[position..<lineEnd], as: UTF8.self)
            guard let count = Int(line, radix: 16) else { throw Malformed(what: "the chunk size \"\(line)\"") }
            let end = lineEnd + 2 + count + 2
            guard bytes.count >= end else { return nil }
            content += bytes[(lineEnd + 2)..<(end - 2)]
            position = end
            if count == 0 { return (content, position) }
        }
        return nil
    }

    /// Where the line that begins at a position ends: the place of its CR LF.
    private static func lineEnd(in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count > start else { return nil }
        return (start..<bytes.count - 1).first { bytes[$0] == 13 && bytes[$0 + 1] == 10 }
    }

    /// The head of a message.
    private struct Head {
        var startLine = ""
        var fields: [(name: String, value: String)] = []
        var end = 0

        /// Reads a head; `nil` as long as it is not complete.
        init?(_ bytes: [UInt8]) throws {
            while let lineEnd = HTTPMessageReader.lineEnd(in: bytes, from: end) {
                let line = String(decoding: bytes[end..<lineEnd], as: UTF8.self)
                let isFirst = end == 0
                end = lineEnd + 2
                if line.isEmpty { return }
                if isFirst {
                    startLine = line
                } else {
                    guard let colon = line.firstIndex(of: ":") else { throw Malformed(what: "the field \"\(line)\"") }
                    let value = line[line.index(after: colon)...].drop { $0 == " " }
                    fields.append((String(line[..<colon]), String(value)))
                }
            }
            return nil
        }

        func values(of name: String) -> [String] { fields.filter { $0.name.lowercased() == name }.map(\.value) }
    }

    /// Bytes that are no message.
    struct Malformed: Error, CustomStringConvertible {
        /// What was found.
        let what: String

        var description: String { "not HTTP/1.1: \(what)" }
    }
}
