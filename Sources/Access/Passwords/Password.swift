/// A password as somebody typed it, for as long as it takes to check it.
///
/// It has a length that can be worked with; whether it is good enough to be set is for `PasswordRule` to say.
/// Descriptions and mirrors show nothing of it.
package struct Password: Sendable {
    /// The UTF-8 as it came: no trimming, no change of case.
    let bytes: [UInt8]

    /// The most bytes: far more than anybody types, and a bound on what strangers have hashed.
    package static let byteCountMax = 1_024

    /// Takes a text; `nil` if it is empty or longer than 1,024 bytes.
    package init?(_ text: String) {
        guard 1...Password.byteCountMax ~= text.utf8.count else { return nil }
        bytes = Array(text.utf8)
    }

    /// The characters, in small letters where they are ASCII.
    var lowercased: [Unicode.Scalar] {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.map {
            "A"..."Z" ~= $0 ? Unicode.Scalar(UInt8($0.value) | 0x20) : $0
        }
    }
}

extension Password: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// An ellipsis.
    package var description: String { "…" }
    /// An ellipsis.
    package var debugDescription: String { description }
    /// Nothing to see.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
