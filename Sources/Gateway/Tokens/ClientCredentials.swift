internal import Tokens

/// The id and the secret by which a client of OAuth proves who it is (RFC 6749 §2.3.1).
struct ClientCredentials: Equatable {
    /// The principal as in `acme/web`, or the id of its key.
    let id: String
    /// Its API key.
    let secret: String

    /// Finds them in the field `Authorization` or in the form, and not in both.
    init(_ request: borrowing HTTPRequestView, _ form: borrowing FormBody) throws(OAuthRefusal) {
        guard let field = request.value(of: .authorization) else {
            guard let id = form["client_id"], let secret = form["client_secret"] else {
                throw OAuthRefusal(
                    .invalidClient, "prove who you are: Authorization: Basic, or client_id and client_secret")
            }
            self.init(id: id, secret: secret)
            return
        }
        guard form["client_secret"] == nil else {
            throw OAuthRefusal(.invalidRequest, "the client proves twice who it is: in Authorization and in the form")
        }
        guard let credentials = request.withBytes(field, { ClientCredentials(basic: $0) }) else {
            throw OAuthRefusal(
                .invalidClient, "Authorization must be Basic and base64 of the form-encoded id, a colon and the secret")
        }
        guard form["client_id"].map({ $0 == credentials.id }) ?? true else {
            throw OAuthRefusal(.invalidRequest, "client_id is not that of Authorization")
        }
        self = credentials
    }

    /// Joins an id and a secret.
    init(id: String, secret: String) {
        self.id = id
        self.secret = secret
    }

    /// Reads the value of `Authorization` (RFC 7617), whose parts OAuth has form-encoded before.
    private init?(basic value: Span<UInt8>) {
        guard value.beginsIgnoringCase(0..<value.count, "basic ") else { return nil }
        let text = value.extracting(value.trimmingBlanks(6..<value.count))
        guard let pair = Base64Text.bytes(text), let colon = pair.firstIndex(of: ASCII.colon) else { return nil }
        let bytes = pair.span
        guard let id = FormBody.decoded(bytes.extracting(0..<colon)), !id.isEmpty,
            let secret = FormBody.decoded(bytes.extracting(colon + 1..<bytes.count)), !secret.isEmpty
        else { return nil }
        self.init(id: id, secret: secret)
    }
}

/// Base 64 with padding (RFC 4648 §4).
enum Base64Text {
    /// The bytes of a text; `nil` for anything that is not exactly such a text.
    static func bytes(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0, text.count > 0 else { return nil }
        var bytes: [UInt8] = []
        var word: UInt32 = 0
        var padding = 0
        for index in text.indices {
            if text[index] == UInt8(ascii: "="), index >= text.count - 2 {
                padding += 1
                word <<= 6
            } else {
                guard padding == 0, let value = value(of: text[index]) else { return nil }
                word = word << 6 | value
            }
            if index % 4 == 3 {
                bytes += [UInt8(word >> 16 & 255), UInt8(word >> 8 & 255), UInt8(word & 255)]
                word = 0
            }
        }
        // Bits beyond the last byte would make several texts of one run of bytes.
        guard bytes.suffix(padding).allSatisfy({ $0 == 0 }) else { return nil }
        return Array(bytes.dropLast(padding))
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
