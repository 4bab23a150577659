package import Vocabulary

/// What a directory stores of a key: `hmac-sha256:9f86d081:…`.
///
/// The eight digits in the middle tell which secret was used. They let a directory that stands beside the wrong secret
/// be refused when it is read; without them every caller would silently become unknown.
package struct KeyHash: Hashable, Sendable {
    /// Which secret was used: 32 bits that say nothing else about it.
    let fingerprint: UInt32
    /// The code of the key's text.
    let code: CredentialCode

    /// The algorithm, the only one; a text begins with it so that another can follow one day.
    static let algorithm = "hmac-sha256"

    /// Joins a secret's fingerprint and a code.
    init(fingerprint: UInt32, code: CredentialCode) {
        self.fingerprint = fingerprint
        self.code = code
    }

    /// Reads the text form; anything else is `nil`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == KeyHash.algorithm, parts[1].utf8.count == 8,
            let bytes = Hexadecimal.bytes(parts[1]), let code = CredentialCode(hexadecimal: parts[2])
        else { return nil }
        self.init(fingerprint: bytes.reduce(0) { $0 << 8 | UInt32($1) }, code: code)
    }

    /// The fingerprint as the text shows it: eight hexadecimal digits.
    var fingerprintText: String { KeyHash.text(ofFingerprint: fingerprint) }

    /// Eight hexadecimal digits.
    static func text(ofFingerprint fingerprint: UInt32) -> String {
        Hexadecimal.text((0..<4).map { UInt8(truncatingIfNeeded: fingerprint >> UInt32(24 - 8 * $0)) })
    }
}

extension KeyHash: CustomStringConvertible {
    /// The text that a directory stores.
    package var description: String { "\(KeyHash.algorithm):\(fingerprintText):\(code.hexadecimal)" }
}

extension KeyHash {
    /// Writes 40 bytes, for projections that are read at each start: the text form has 85.
    package func write(to writer: inout CompactWriter) {
        writer.append(fixed: UInt64(fingerprint))
        for word in [code.words.0, code.words.1, code.words.2, code.words.3] { writer.append(fixed: word) }
    }

    /// Reads what was written.
    package init(from reader: inout CompactReader) throws(CompactReader.Malformed) {
        let fingerprint = try reader.fixed()
        guard let fingerprint = UInt32(exactly: fingerprint) else {
            throw CompactReader.Malformed(position: reader.position)
        }
        let words = (try reader.fixed(), try reader.fixed(), try reader.fixed(), try reader.fixed())
        self.init(fingerprint: fingerprint, code: CredentialCode(words: words))
    }
}
