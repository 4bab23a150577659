internal import Vocabulary

/// A signed token in compact form (RFC 7515 §7.1), taken apart and not believed yet.
struct CompactToken {
    /// What its header says.
    let header: Header
    /// What it claims; to be read for its issuer before the signature is verified, for all else after.
    let claims: TokenClaims
    /// What was signed: header and payload as they stand.
    let signedBytes: [UInt8]
    /// The signature.
    let signature: [UInt8]

    /// The longest token that is looked at: with a key of RSA and a dozen classes one has some 1,500 bytes.
    static let byteCountMax = 8_192

    /// The members of a header that mean something here; others are not heeded, least of all those that bring a key
    /// or say where one is (`jwk`, `jku`, `x5c`, `x5u`; RFC 8725 §3.10).
    struct Header: Equatable {
        /// The algorithm.
        let algorithm: String
        /// The key.
        let keyID: String?
        /// The type.
        let type: String?
    }

    /// Takes a text apart.
    ///
    /// - Complexity: O(n) in its bytes.
    init(_ text: Span<UInt8>) throws(TokenFault) {
        guard text.count <= CompactToken.byteCountMax else { throw .tooLong }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for index in text.indices { bytes.append(text[index]) }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.bytes(parts[0]).flatMap(JSONValue.object),
            let claims = Base64URL.bytes(parts[1]).flatMap(JSONValue.object),
            let signature = Base64URL.bytes(parts[2]), let algorithm = header["alg"]?.text
        else { throw .malformed }
        // Whoever says `crit` wants a reader that knows the extension (RFC 7515 §4.1.11), and none is known here.
        guard header["crit"] == nil else { throw .wrongType }
        self.header = Header(algorithm: algorithm, keyID: header["kid"]?.text, type: header["typ"]?.text)
        self.claims = TokenClaims(members: claims)
        signedBytes = Array(bytes[..<parts[1].endIndex])
        self.signature = signature
    }

    /// Joins the parts of a token and signs them.
    static func text(header: [UInt8], payload: [UInt8], sign: ([UInt8]) throws -> [UInt8]) rethrows -> String {
        let signed = Base64URL.text(header) + "." + Base64URL.text(payload)
        return signed + "." + Base64URL.text(try sign(Array(signed.utf8)))
    }
}

/// The claims of a token, by name.
struct TokenClaims {
    /// All of them.
    let members: [String: JSONValue]

    /// A text that is not empty.
    func text(_ name: String) -> String? { members[name]?.text.flatMap { $0.isEmpty ? nil : $0 } }

    /// A list of texts, or one alone.
    func texts(_ name: String) -> [String]? { members[name]?.texts }

    /// A moment in seconds since 1970 (`NumericDate` of RFC 7519 §2), rounded down to milliseconds.
    ///
    /// Outside of the years 1970 to 9999 it is none: such numbers are mistakes, and would overflow sums.
    func moment(_ name: String) -> WallTime? {
        guard let seconds = members[name]?.number, (0...253_402_300_799).contains(seconds) else { return nil }
        return WallTime(milliseconds: Int64((seconds * 1_000).rounded(.down)))
    }
}
