/// The secret that an operator's authenticator app shares with Headgate: 20 bytes, as RFC 4226 §4 recommends.
///
/// It has to be kept as it is, because codes are made from it; descriptions and mirrors show nothing of it.
package struct CodeSecret: Hashable, Sendable {
    /// The bytes.
    let bytes: [UInt8]

    private static let byteCount = 20

    /// Draws a secret.
    ///
    /// - Parameter generator: the source of its 160 bits; outside of tests only `SystemRandomNumberGenerator` will do.
    package init(using generator: inout some RandomNumberGenerator) {
        bytes = (0..<CodeSecret.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Reads what `base32` wrote; anything else is `nil`.
    package init?(base32 text: String) {
        guard let bytes = BitText.base32.bytes(text), bytes.count == CodeSecret.byteCount else { return nil }
        self.bytes = bytes
    }

    /// The 32 characters that people type into an app that has no camera, and that are stored.
    package var base32: String { BitText.base32.text(bytes) }

    /// What the picture for an app's camera says (the key URI format of Google Authenticator).
    ///
    /// The issuer is what the app shows beside the operator's name: which installation this is.
    package func uri(for name: OperatorName, issuer: String) -> String {
        let issuer = CodeSecret.percentEncoded(issuer)
        return "otpauth://totp/\(issuer):\(CodeSecret.percentEncoded(name.text))?secret=\(base32)&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(OneTimeCode.digitCount)&period=\(OneTimeCode.stepSeconds)"
    }

    /// Everything but the unreserved characters of RFC 3986 §2.3 as `%` and two digits.
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            let isUnreserved = byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
            let digits = String(byte, radix: 16, uppercase: true)
            return isUnreserved ? String(character) : (byte < 16 ? "%0" : "%") + digits
        }.joined()
    }
}

extension CodeSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// An ellipsis.
    package var description: String { "…" }
    /// An ellipsis.
    package var debugDescription: String { description }
    /// Nothing to see.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
