internal import Vocabulary

/// The text of a secret that Headgate draws: prefix, random characters, checksum; the form of API keys (decision 0008).
///
/// ```
/// hg_op_7Q2M9X4C8H1V5T3ZKJ6RB0WNDYGPASEF 3K9QX0M      (without the space)
/// └─┬──┘└──────────────┬───────────────┘└───┬──┘
/// prefix    random bits, base 32    checksum of all before it
/// ```
///
/// Prefix and checksum let scanners find leaked secrets, and let typing errors be refused before anything is hashed.
struct SecretText: Hashable, Sendable {
    /// What is shown once and never stored.
    let text: String

    /// Characters of the checksum: 32 bits need seven digits of five.
    private static let checksumCount = 7

    /// The kinds of secrets that have this form.
    enum Kind: String, Sendable {
        /// A token by which automation acts for an operator.
        case token = "hg_op_"
        /// A session in a browser or a terminal.
        case session = "hg_session_"
        /// A proof that an operator has confirmed one action.
        case proof = "hg_proof_"
        /// What lets somebody set what they sign in with.
        case enrolment = "hg_enrol_"
        /// A device on which somebody has signed in before.
        case device = "hg_device_"

        /// Random characters, five bits each: 160 bits like a key; a session has 280, the next multiple of eight
        /// characters above 256 bits.
        var randomCount: Int { self == .session ? 56 : 32 }
        /// Characters in all.
        var length: Int { rawValue.utf8.count + randomCount + SecretText.checksumCount }
    }

    /// Draws a secret.
    init(_ kind: Kind, using generator: inout some RandomNumberGenerator) {
        var bytes = Array(kind.rawValue.utf8)
        bytes += Crockford.random(count: kind.randomCount, using: &generator)
        bytes += SecretText.checksum(of: bytes)
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Takes what a caller sent; `nil` if it has not the shape and the checksum of the kind.
    ///
    /// - Complexity: O(1); nothing of a text with another length is read.
    init?(_ kind: Kind, _ text: String) {
        guard text.utf8.count == kind.length, text.hasPrefix(kind.rawValue) else { return nil }
        let bytes = Array(text.utf8)
        let body = bytes.dropLast(SecretText.checksumCount)
        guard bytes.dropFirst(kind.rawValue.utf8.count).allSatisfy(Crockford.contains),
            bytes[body.endIndex...].elementsEqual(SecretText.checksum(of: body))
        else { return nil }
        self.text = text
    }

    /// What is stored of it.
    var hash: SecretHash { SecretHash(of: text) }

    private static func checksum(of bytes: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        return Crockford.digits(
            of: UInt64(Checksum.value(of: bytes.span, count: bytes.count)), count: checksumCount)
    }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The prefix and an ellipsis: the text never reaches a log by accident.
    var description: String { (text.lastIndex(of: "_").map { text[...$0] } ?? "") + "…" }
    /// The same.
    var debugDescription: String { description }
    /// Nothing to see.
    var customMirror: Mirror { Mirror(self, children: []) }
}
