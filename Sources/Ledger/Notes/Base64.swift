internal import Foundation

/// Base 64 (RFC 4648, section 4), of which only the one right spelling is read.
enum Base64 {
    /// The spelling of bytes.
    static func text(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

    /// The bytes behind a text; `nil` where the text is not exactly what `text` makes of them.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        guard let data = Data(base64Encoded: String(text)), data.base64EncodedString() == text else { return nil }
        return [UInt8](data)
    }
}
