/// HMAC-SHA-256 of a key's text: 256 bits that stand for the key.
struct CredentialCode: Sendable {
    /// The 32 bytes, eight to a word, the first byte lowest.
    let words: (UInt64, UInt64, UInt64, UInt64)

    /// Joins four words.
    init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Reads 64 lower-case hexadecimal digits; anything else is `nil`.
    init?(hexadecimal text: Substring) {
        guard text.utf8.count == 64, let bytes = Hexadecimal.bytes(text) else { return nil }
        self.init { bytes[$0] }
    }

    /// Takes 32 bytes, one by one.
    init(_ byte: (Int) -> UInt8) {
        func word(_ number: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(byte(number * 8 + $1)) << UInt64($1 * 8) }
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// 64 lower-case hexadecimal digits.
    var hexadecimal: String {
        Hexadecimal.text(
            [words.0, words.1, words.2, words.3].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
            })
    }

    /// Where a table looks for the code first: evenly spread, and nobody without the secret can choose it.
    var tableHash: UInt64 { words.0 }
}

extension CredentialCode: Hashable {
    /// Compares all 256 bits in a time that does not depend on them.
    static func == (left: CredentialCode, right: CredentialCode) -> Bool {
        (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1) | (left.words.2 ^ right.words.2)
            | (left.words.3 ^ right.words.3) == 0
    }

    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
