internal import Tokens

/// The parameters of a body in `application/x-www-form-urlencoded`, as OAuth sends them (RFC 6749, appendix B).
///
/// Strict where forms in browsers are not: OAuth forbids a parameter that stands twice (§3.2), and of two readings one
/// may be somebody else's.
struct FormBody {
    private var values: [String: String] = [:]

    /// The most parameters: OAuth's own requests have six.
    private static let countMax = 32

    /// Reads a body.
    init(_ text: Span<UInt8>) throws(OAuthRefusal) {
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "&") { end += 1 }
            var middle = start
            while middle < end, text[middle] != UInt8(ascii: "=") { middle += 1 }
            guard middle < end, let name = FormBody.decoded(text.extracting(start..<middle)), !name.isEmpty,
                let value = FormBody.decoded(text.extracting(middle + 1..<end))
            else { throw OAuthRefusal(.invalidRequest, "the body is no form: name=value pairs, joined by &") }
            guard values.updateValue(value, forKey: name) == nil else {
                throw OAuthRefusal(.invalidRequest, "the parameter \(name.prefix(64)) stands twice")
            }
            guard values.count <= FormBody.countMax else {
                throw OAuthRefusal(.invalidRequest, "the body has more than \(FormBody.countMax) parameters")
            }
            start = end + 1
        }
    }

    /// The value of a parameter; one without a value counts as left out (RFC 6749 §3.2).
    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The text of a name or a value: `+` is a space, `%41` is a byte; `nil` for a broken escape, bytes that are not
    /// UTF-8, and controls.
    static func decoded(_ text: Span<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "+"): bytes.append(ASCII.space)
            case UInt8(ascii: "%"):
                guard index + 2 < text.count, let high = digit(text[index + 1]), let low = digit(text[index + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 2
            default: bytes.append(text[index])
            }
            index += 1
        }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
