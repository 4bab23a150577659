internal import Vocabulary

/// The rule for names of tenants and principals.
///
/// Names stand in headers, logs, metrics and paths, and `acme/web` joins two of them. So they are ASCII, without white
/// space and without `/`, and two names are the same exactly when their bytes are.
package enum DirectoryName {
    /// The longest name, in bytes: longer than a UUID with a prefix or most mail addresses.
    package static let lengthMax = 128

    /// Whether a text can be a name: letters, digits and `. _ - @ +`, a letter or digit first; a key that was put into
    /// the wrong place is none.
    ///
    /// - Complexity: O(n).
    package static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= lengthMax, isAlphanumeric(first) else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || isPunctuation($0) } && text.withKeysMasked == text
    }

    /// The rule in words, for messages.
    package static let rule =
        "letters, digits and . _ - @ +, a letter or digit first, at most \(lengthMax) characters, and no key"

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "+"): true
        default: false
        }
    }
}
