/// Reads an answer of HTTP/1.1 that was collected to its end.
enum KeySetAnswer {
    /// The body of a 200.
    ///
    /// - Throws: `Problem` for another status, and for a body that was cut off.
    static func body(of answer: [UInt8], from authority: String) throws(KeySetFetcher.Problem) -> [UInt8] {
        guard let end = firstIndex(of: Array("\r\n\r\n".utf8), in: answer[...]) else {
            throw KeySetFetcher.Problem(description: "\(authority) answers no HTTP")
        }
        let lines = String(decoding: answer[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first, status.hasPrefix("HTTP/1.") else {
            throw KeySetFetcher.Problem(description: "\(authority) answers no HTTP")
        }
        guard status.dropFirst(9).hasPrefix("200") else {
            throw KeySetFetcher.Problem(description: "\(authority) answers \(status.dropFirst(9).prefix(64))")
        }
        let body = answer[(end + 4)...]
        let fields = lines.dropFirst().map { $0.lowercased() }
        if fields.contains(where: { $0.hasPrefix("transfer-encoding:") && $0.hasSuffix("chunked") }) {
            guard let joined = joined(chunks: body) else {
                throw KeySetFetcher.Problem(description: "\(authority) has cut its answer off")
            }
            return joined
        }
        if let field = fields.first(where: { $0.hasPrefix("content-length:") }),
            let length = Int(field.dropFirst("content-length:".count).drop { $0 == " " })
        {
            guard length >= 0, body.count >= length else {
                throw KeySetFetcher.Problem(description: "\(authority) has cut its answer off")
            }
            return Array(body.prefix(length))
        }
        return Array(body)
    }

    /// Puts chunks together (RFC 9112 §7.1); `nil` if the last one has not come.
    private static func joined(chunks: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = chunks
        var body: [UInt8] = []
        while let end = firstIndex(of: [13, 10], in: rest) {
            let digits = String(decoding: rest[rest.startIndex..<end], as: UTF8.self).prefix { $0.isHexDigit }
            guard let count = Int(digits, radix: 16), count >= 0 else { return nil }
            rest = rest[(end + 2)...]
            if count == 0 { return body }
            guard rest.count >= count + 2 else { return nil }
            body += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
        }
        return nil
    }

    private static func firstIndex(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (bytes.startIndex...bytes.endIndex - pattern.count).first {
            bytes[$0..<$0 + pattern.count].elementsEqual(pattern)
        }
    }
}
