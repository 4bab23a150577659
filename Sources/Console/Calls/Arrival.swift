internal import Access
internal import HTTPTypes

/// A request as it came.
struct Arrival: Sendable {
    /// The method.
    let method: HTTPRequest.Method
    /// The path with its query.
    let target: String
    /// The fields.
    let fields: HTTPFields
    /// The body, once it was read.
    var bytes: [UInt8] = []
    /// From where: an IPv4 address or an IPv6 /64.
    let address: String
    /// Whether the connection is encrypted.
    let isSecure: Bool

    /// The longest command id that a client may choose.
    private static let commandIDBytesMax = 128

    /// The device that a browser says it is.
    var device: DeviceToken? {
        cookies(named: Desk.deviceCookieName(isSecure: isSecure)).lazy.compactMap { DeviceToken($0) }.first
    }

    /// The values of a cookie; several, where somebody has set one of the same name for a wider path or domain.
    func cookies(named name: String) -> [String] {
        fields[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let pair = pair.drop { $0 == " " }
            return pair.hasPrefix(name + "=") ? String(pair.dropFirst(name.utf8.count + 1)) : nil
        }
    }

    /// Whether it says that a body comes.
    var announcesBody: Bool { fields[.transferEncoding] != nil || announcedBytes ?? 0 > 0 }

    /// The bytes that the body has, if it says so.
    var announcedBytes: Int? { fields[.contentLength].flatMap { Int($0) } }

    /// The path.
    var path: Substring { target.prefix { $0 != "?" } }

    /// The query, decoded; a name that is there twice is refused.
    var query: [String: String] {
        get throws(Problem) {
            var values: [String: String] = [:]
            for pair in target.dropFirst(path.count + 1).split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let name = parts[0].replacing("+", with: " ")[...].percentDecoded,
                    let value = (parts.count > 1 ? parts[1] : "").replacing("+", with: " ")[...].percentDecoded
                else { throw Problem(.badRequest, "malformed", "the query cannot be read") }
                guard values.updateValue(value, forKey: name) == nil else {
                    throw Problem(.badRequest, "malformed", "the query says this twice", member: name)
                }
            }
            return values
        }
    }

    /// What `If-Match` says: the version that the caller has read; `nil` without it, or for `*`.
    var expectedVersion: Int64? {
        get throws(Problem) {
            guard let field = fields[.ifMatch], field != "*" else { return nil }
            guard field.hasPrefix("\""), field.hasSuffix("\""), field.count > 2,
                let version = Int64(field.dropFirst().dropLast()), version >= 0
            else {
                throw Problem(
                    .preconditionFailed, "stale", "this is no entity tag of ours", member: "If-Match",
                    suggestion: "send one ETag, as it came")
            }
            return version
        }
    }

    /// The id under which a repeat is recognised: of this operator only, so that nobody meets the keys of others.
    func commandID(of name: OperatorName) -> String {
        guard let key = fields[.idempotencyKey], !key.isEmpty else { return "" }
        return "\(name)/\(key)"
    }

    /// Makes sure that the key for repeats can be kept.
    func checkIdempotencyKey() throws(Problem) {
        guard let key = fields[.idempotencyKey] else { return }
        guard (1...Arrival.commandIDBytesMax).contains(key.utf8.count), key.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
        else {
            throw Problem(
                .badRequest, "malformed", "a key has 1 to \(Arrival.commandIDBytesMax) visible ASCII characters",
                member: "Idempotency-Key")
        }
    }
}

extension HTTPField.Name {
    /// Makes a repeat get the same answer.
    static let idempotencyKey = HTTPField.Name(uncheckedName: "idempotency-key")
    /// Shows that a page of ours made the request.
    static let csrfToken = HTTPField.Name(uncheckedName: "headgate-csrf")
    /// A proof that the operator has confirmed exactly this request.
    static let proof = HTTPField.Name(uncheckedName: "headgate-proof")
    /// What browsers say of where a request comes from.
    static let fetchSite = HTTPField.Name(uncheckedName: "sec-fetch-site")
}

extension HTTPField.Name {
    private init(uncheckedName name: String) {
        guard let valid = HTTPField.Name(name) else { preconditionFailure("\(name) is the name of a field") }
        self = valid
    }
}
