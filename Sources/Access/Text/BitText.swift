/// Bytes as text whose characters hold five or six bits each (RFC 4648), without padding.
///
/// One form of each text is read: unused bits are zero, nothing is skipped. So a text that is stored stands for one
/// run of bytes, and the other way round.
struct BitText: Sendable {
    private let bitsPerCharacter: Int
    private let characters: [UInt8]

    /// Base 32 (RFC 4648 §6): what authenticator apps read secrets in.
    static let base32 = BitText(bitsPerCharacter: 5, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    /// Base 64 (RFC 4648 §4): what PHC strings write salts and hashes in.
    static let base64 = BitText(
        bitsPerCharacter: 6, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

    private init(bitsPerCharacter: Int, alphabet: String) {
        self.bitsPerCharacter = bitsPerCharacter
        characters = Array(alphabet.utf8)
    }

    /// The text of bytes.
    ///
    /// - Complexity: O(n).
    func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits = 0
        var bitCount = 0
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFFF  // never more than 5 bits are left over
            bitCount += 8
            while bitCount >= bitsPerCharacter {
                bitCount -= bitsPerCharacter
                text.append(characters[bits >> bitCount & (characters.count - 1)])
            }
        }
        if bitCount > 0 { text.append(characters[bits << (bitsPerCharacter - bitCount) & (characters.count - 1)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; `nil` if it is not what `text(_:)` writes.
    ///
    /// - Complexity: O(n).
    func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits = 0
        var bitCount = 0
        for character in text.utf8 {
            guard let value = characters.firstIndex(of: character) else { return nil }
            bits = (bits << bitsPerCharacter | value) & 0xFFFF
            bitCount += bitsPerCharacter
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        guard bitCount < bitsPerCharacter, bits & (1 << bitCount - 1) == 0 else { return nil }
        return bytes
    }
}
