internal import Vocabulary

/// What stands in for a lost phone: ten codes, each good once.
///
/// A code has 80 random bits, so that its plain hash cannot be guessed from.
package struct RecoveryCodes: Hashable, Sendable {
    /// The hashes of the codes that have not been used.
    package private(set) var hashes: [SecretHash]

    /// How many codes there are at first.
    package static let count = 10
    private static let characterCount = 16
    private static let groupCount = 4

    /// Restores what is stored.
    package init(hashes: [SecretHash]) { self.hashes = hashes }

    /// Draws ten codes.
    ///
    /// - Returns: the texts, `XXXX-XXXX-XXXX-XXXX`, to be shown once, and what is stored.
    package static func draw(using generator: inout some RandomNumberGenerator) -> (texts: [String], RecoveryCodes) {
        let codes = (0..<count).map { _ in Crockford.random(count: characterCount, using: &generator) }
        let texts = codes.map { code in
            stride(from: 0, to: characterCount, by: groupCount)
                .map { String(decoding: code[$0..<$0 + groupCount], as: UTF8.self) }.joined(separator: "-")
        }
        return (texts, RecoveryCodes(hashes: codes.map { SecretHash(of: String(decoding: $0, as: UTF8.self)) }))
    }

    /// Takes a code out, if it is one of those that are left.
    ///
    /// Written as people read it from paper: any case, with or without hyphens and spaces, O for 0, I or L for 1.
    ///
    /// - Returns: whether it was one; then the changed value has to be stored before anything follows from it.
    package mutating func redeem(_ text: String) -> Bool {
        guard text.utf8.count <= 2 * RecoveryCodes.characterCount,
            let code = RecoveryCodes.normalized(text), let index = hashes.firstIndex(of: SecretHash(of: code))
        else { return false }
        hashes.remove(at: index)
        return true
    }

    private static func normalized(_ text: String) -> String? {
        let characters: [UInt8] = text.uppercased().utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: " "): nil
            case UInt8(ascii: "O"): UInt8(ascii: "0")
            case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
            default: byte
            }
        }
        guard characters.count == characterCount, characters.allSatisfy(Crockford.contains) else { return nil }
        return String(decoding: characters, as: UTF8.self)
    }
}
