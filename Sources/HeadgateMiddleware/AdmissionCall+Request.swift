internal import HTTPTypes
public import HeadgateClient
public import Hummingbird

extension AdmissionCall {
    /// What a request says about itself.
    ///
    /// The server verifies the credential, and honours the class only if the principal may use it.
    public init(request: Request, context: some RequestContext) {
        self.init(method: request.method.rawValue, path: request.head.path ?? "/")
        route = context.endpointPath
        credential = AdmissionCall.credential(in: request.headers)
        trafficClass = AdmissionCall.only("Headgate-Class", in: request.headers)
        idempotencyKey = AdmissionCall.only("Idempotency-Key", in: request.headers).flatMap(AdmissionCall.key)
    }

    /// The most characters of an idempotency key that the server takes.
    private static let keyLengthMax = 255

    /// The key that a field's value holds, in quotes or bare; `nil`: it is none, and counts as none there.
    private static func key(_ value: String) -> String? {
        let isQuoted = value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
        let key = isQuoted ? String(value.dropFirst().dropLast()) : value
        let isPlain = key.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
        return isPlain && (1...keyLengthMax).contains(key.utf8.count) ? key : nil
    }

    /// The credential; `nil`: there is none, or there are two that differ, of which neither counts.
    private static func credential(in fields: HTTPFields) -> String? {
        let key = only("X-API-Key", in: fields)
        guard let authorization = only("Authorization", in: fields), authorization.lowercased().hasPrefix("bearer ")
        else { return key }
        let token = String(authorization.dropFirst("bearer ".count).drop { $0 == " " })
        return key == nil || key == token ? token : nil
    }

    /// The value of a field that stands there once.
    private static func only(_ name: String, in fields: HTTPFields) -> String? {
        guard let name = HTTPField.Name(name) else { return nil }
        let values = fields[values: name]
        guard values.count == 1, let value = values.first, !value.isEmpty else { return nil }
        return value
    }
}
