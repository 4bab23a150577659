/// One file as its author wrote it: the input of the reader and of every rendered diagnostic.
package struct SourceFile: Hashable, Sendable {
    /// The name that diagnostics print.
    package let name: String
    /// The text, without a byte order mark; bytes that are not UTF-8 stand in it as U+FFFD.
    package let text: String
    /// The offset of the first byte that is not UTF-8, if there is one.
    package let malformedByteOffset: Int?
    /// The size of the file in bytes.
    package let byteCount: Int

    /// Names a text.
    package init(name: String, text: String) {
        self.name = name
        self.text = SourceFile.withoutByteOrderMark(text)
        malformedByteOffset = nil
        byteCount = text.utf8.count
    }

    /// Names the bytes of a file, whatever they are; the reader diagnoses what is not UTF-8.
    ///
    /// - Complexity: O(n).
    package init(name: String, bytes: [UInt8]) {
        self.name = name
        text = SourceFile.withoutByteOrderMark(String(decoding: bytes, as: UTF8.self))
        malformedByteOffset = SourceFile.firstMalformedByte(in: bytes)
        byteCount = bytes.count
    }

    private static func withoutByteOrderMark(_ text: String) -> String {
        guard text.unicodeScalars.first == "\u{FEFF}" else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.dropFirst()))
    }

    private static func firstMalformedByte(in bytes: [UInt8]) -> Int? {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
