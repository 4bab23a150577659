/// An idempotency key as a caller chose it (draft-ietf-httpapi-idempotency-key-header-07 §2.1).
///
/// The draft wants a string of RFC 9651, in quotes. Half of the clients that exist send the bare text, so that is
/// taken too, and means the same: `"8e03978e"` and `8e03978e` are one key.
package struct IdempotencyKey: Hashable, Sendable {
    /// The characters of the key, without quotes.
    package let bytes: [UInt8]

    /// The longest key; a UUID has 36 characters.
    package static let lengthMax = 255

    /// Why a text is no key; one sentence, for the caller.
    package enum Malformed: Error, CaseIterable, CustomStringConvertible, Sendable {
        /// There is no character in it.
        case empty
        /// There are too many.
        case tooLong
        /// One is not printable ASCII, or cannot stand outside quotes.
        case character
        /// Quotes or escapes do not fit together.
        case quotes
        /// Something follows the closing quote.
        case rest

        /// What is wrong, and what to send.
        package var description: String {
            let problem =
                switch self {
                case .empty: "It is empty"
                case .tooLong: "It has more than \(IdempotencyKey.lengthMax) characters"
                case .character: "It has a character that is not printable ASCII, or that needs quotes around the key"
                case .quotes: "Its quotes or backslashes do not fit together"
                case .rest: "Something follows its closing quote"
                }
            return "\(problem). Send one string in quotes of 1 to \(IdempotencyKey.lengthMax) printable ASCII "
                + "characters, such as a UUID."
        }
    }

    /// Reads the value of the field `Idempotency-Key`.
    ///
    /// Parameters behind a string (`"k";a=1`) are not looked at, as RFC 9651 has it for those that nobody knows.
    ///
    /// - Complexity: O(n), at most `lengthMax` characters and their escapes are kept.
    package init(field: Span<UInt8>) throws(Malformed) {
        let range = field.trimmingBlanks(0..<field.count)
        guard let first = range.first else { throw .empty }
        guard field[first] == UInt8(ascii: "\"") else {
            bytes = try IdempotencyKey.bare(field.extracting(range))
            return
        }
        let (key, end) = try IdempotencyKey.quoted(field, from: first + 1)
        guard IdempotencyKey.isParameters(field.extracting(end..<range.upperBound)) else { throw .rest }
        bytes = key
    }

    /// Takes a text that is the key itself, as it stands in a member of a check call.
    package init(text: Span<UInt8>) throws(Malformed) {
        guard !text.isEmpty else { throw .empty }
        guard text.count <= IdempotencyKey.lengthMax else { throw .tooLong }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for index in text.indices {
            guard IdempotencyKey.isPrintable(text[index]) else { throw .character }
            bytes.append(text[index])
        }
        self.bytes = bytes
    }

    /// A key without quotes: what could be the end of it, or of the field, must not be in it.
    private static func bare(_ text: Span<UInt8>) throws(Malformed) -> [UInt8] {
        for index in text.indices where "\" ,;\\".utf8.contains(text[index]) { throw .character }
        return try IdempotencyKey(text: text).bytes
    }

    /// A key in quotes (RFC 9651 §4.2.5), and where it ends.
    private static func quoted(_ field: Span<UInt8>, from start: Int) throws(Malformed) -> ([UInt8], Int) {
        var key: [UInt8] = []
        var index = start
        while index < field.count {
            var byte = field[index]
            index += 1
            if byte == UInt8(ascii: "\"") {
                guard !key.isEmpty else { throw .empty }
                return (key, index)
            }
            if byte == UInt8(ascii: "\\") {
                guard index < field.count, field[index] == UInt8(ascii: "\"") || field[index] == byte else {
                    throw .quotes
                }
                byte = field[index]
                index += 1
            }
            guard isPrintable(byte) else { throw .character }
            guard key.count < lengthMax else { throw .tooLong }
            key.append(byte)
        }
        throw .quotes
    }

    /// Whether what follows a string is nothing, or begins like parameters.
    private static func isParameters(_ rest: Span<UInt8>) -> Bool {
        guard !rest.isEmpty else { return true }
        guard rest.count > 1, rest[0] == UInt8(ascii: ";") else { return false }
        for index in rest.indices where !isPrintable(rest[index]) || rest[index] == ASCII.comma { return false }
        return true
    }

    private static func isPrintable(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) }
}
