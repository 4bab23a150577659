internal import NIOHPACK

/// What the fields of a request's head say, read and checked in one pass (RFC 9113 §8.2, §8.3).
///
/// `NIOHTTP2Handler` can check them as well, by a general machine that costs as much as decoding them does; here each
/// field is looked at once, for the checks and for what is needed of it together.
struct HTTP2RequestHead {
    /// `:method`.
    private(set) var method = ""
    /// `:path`.
    private(set) var path = ""
    /// `content-type`, if there is one.
    private(set) var contentType: String?

    private var seen: UInt8 = 0

    /// The pseudo-fields, one bit each.
    private enum Pseudo {
        static let method: UInt8 = 1
        static let scheme: UInt8 = 2
        static let path: UInt8 = 4
        static let authority: UInt8 = 8
        static let required = method | scheme | path
    }

    /// Reads a head; `nil` if it is malformed, which ends its stream.
    ///
    /// CONNECT, which has neither scheme nor path, counts as malformed: nothing is tunnelled here.
    ///
    /// - Complexity: O(n), no allocation.
    init?(_ fields: HPACKHeaders) {
        var isPastPseudo = false
        for (name, value, _) in fields {
            if name.utf8.first == ASCII.colon {
                guard !isPastPseudo, takePseudo(name, value) else { return nil }
            } else {
                isPastPseudo = true
                guard HTTP2RequestHead.mayStand(name, value) else { return nil }
                if contentType == nil, name == "content-type" { contentType = value }
            }
        }
        guard seen & Pseudo.required == Pseudo.required, !path.isEmpty else { return nil }
    }

    private mutating func takePseudo(_ name: String, _ value: String) -> Bool {
        let bit: UInt8
        switch name {
        case ":method": (bit, method) = (Pseudo.method, value)
        case ":path": (bit, path) = (Pseudo.path, value)
        case ":scheme": bit = Pseudo.scheme
        // Empty only where a scheme has no authority, which http and https have (RFC 9113 §8.3.1).
        case ":authority": bit = value.isEmpty ? 0 : Pseudo.authority
        default: return false
        }
        defer { seen |= bit }
        return bit > 0 && seen & bit == 0
    }

    /// Whether a field may stand in a request: its name in lower case, and nothing that is about one connection of
    /// HTTP/1.1.
    private static func mayStand(_ name: String, _ value: String) -> Bool {
        guard !name.isEmpty, name.utf8.allSatisfy({ ASCII.isToken($0) && !(0x41...0x5A).contains($0) }) else {
            return false
        }
        // Told apart by their lengths first: no common field has one of them.
        switch name.utf8.count {
        case 2: return name != "te" || value == "trailers"
        case 7: return name != "upgrade"
        case 10: return name != "connection" && name != "keep-alive"
        case 16: return name != "proxy-connection"
        case 17: return name != "transfer-encoding"
        default: return true
        }
    }

    /// Whether fields may follow a body: no pseudo-field may.
    static func areTrailers(_ fields: HPACKHeaders) -> Bool {
        fields.allSatisfy { $0.name.utf8.first != ASCII.colon && mayStand($0.name, $0.value) }
    }
}
