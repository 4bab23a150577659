extension JSONScanner {
    /// Longest part of a stranger's text that an error repeats, in bytes.
    private static var quotedBytesMax: Int { 64 }

    /// An error about the value that is being read.
    ///
    /// The predicate continues a sentence that begins with the value: `must be a string, found null`. Without an offset
    /// the error is where the scanner is.
    package func invalid(_ predicate: String, at offset: Int? = nil) -> JSONError {
        .value(at: offset ?? self.offset, in: path, predicate)
    }

    /// An error about the text.
    func syntax(_ sentence: String, at offset: Int? = nil) -> JSONError {
        .syntax(at: offset ?? self.offset, in: path, sentence)
    }

    /// The value that is being read, such as `requests[3].attributes["workflow.stage"]`.
    package var path: String {
        var path = ""
        var nextName = names.endIndex
        var parts: [String] = []
        for frame in frames.reversed() {
            if frame.isInside {
                parts.append(frame.isObject ? part(ofMember: names[nextName - 1]) : "[\(frame.count - 1)]")
            }
            nextName = frame.firstName
        }
        for part in parts.reversed() { path += part.hasPrefix("[") || path.isEmpty ? part : ".\(part)" }
        return path
    }

    private func part(ofMember range: ByteRange) -> String {
        let name = quoted(range)
        let isPlain = name.utf8.allSatisfy { byte in ASCII.isToken(byte) && byte != UInt8(ascii: ".") }
        return isPlain && !name.isEmpty ? name : "[\"\(name)\"]"
    }

    /// Text of the stranger's as errors repeat it: not too long.
    package func quoted(_ range: ByteRange) -> String {
        guard range.count > JSONScanner.quotedBytesMax else { return string(range) }
        let start = Int(range.start)
        return string(ByteRange(start..<start + JSONScanner.quotedBytesMax)) + "…"
    }
}
