/// The status codes that this server sends (RFC 9110 §15, RFC 6585).
package enum HTTPStatus: UInt16, CaseIterable, Sendable {
    case ok = 200
    case created = 201
    case accepted = 202
    case noContent = 204
    case notModified = 304
    case badRequest = 400
    case unauthorized = 401
    case forbidden = 403
    case notFound = 404
    case methodNotAllowed = 405
    case notAcceptable = 406
    case requestTimeout = 408
    case conflict = 409
    case contentTooLarge = 413
    case uriTooLong = 414
    case unsupportedMediaType = 415
    case expectationFailed = 417
    case unprocessableContent = 422
    case tooManyRequests = 429
    case requestHeaderFieldsTooLarge = 431
    case internalServerError = 500
    case notImplemented = 501
    case badGateway = 502
    case serviceUnavailable = 503
    case gatewayTimeout = 504
    case httpVersionNotSupported = 505

    /// The number on the wire.
    package var code: Int { Int(rawValue) }

    /// Code and phrase, as they stand in the status line.
    package var line: StaticString {
        switch self {
        case .ok: "200 OK"
        case .created: "201 Created"
        case .accepted: "202 Accepted"
        case .noContent: "204 No Content"
        case .notModified: "304 Not Modified"
        case .badRequest: "400 Bad Request"
        case .unauthorized: "401 Unauthorized"
        case .forbidden: "403 Forbidden"
        case .notFound: "404 Not Found"
        case .methodNotAllowed: "405 Method Not Allowed"
        case .notAcceptable: "406 Not Acceptable"
        case .requestTimeout: "408 Request Timeout"
        case .conflict: "409 Conflict"
        case .contentTooLarge: "413 Content Too Large"
        case .uriTooLong: "414 URI Too Long"
        case .unsupportedMediaType: "415 Unsupported Media Type"
        case .expectationFailed: "417 Expectation Failed"
        case .unprocessableContent: "422 Unprocessable Content"
        case .tooManyRequests: "429 Too Many Requests"
        case .requestHeaderFieldsTooLarge: "431 Request Header Fields Too Large"
        case .internalServerError: "500 Internal Server Error"
        case .notImplemented: "501 Not Implemented"
        case .badGateway: "502 Bad Gateway"
        case .serviceUnavailable: "503 Service Unavailable"
        case .gatewayTimeout: "504 Gateway Timeout"
        case .httpVersionNotSupported: "505 HTTP Version Not Supported"
        }
    }

    /// The phrase alone: the title of a problem that has no type of its own (RFC 9457 §4.2.1).
    package var phrase: String { String(line.description.dropFirst(4)) }

    /// Whether an answer with this status ends with its head, whatever the request was (RFC 9110 §6.4.1).
    package var forbidsBody: Bool { self == .noContent || self == .notModified }
}
