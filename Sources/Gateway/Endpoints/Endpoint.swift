/// What a request line asks for.
enum Endpoint {
    /// `ANY /v1/authorize`: forward-auth.
    case authorize
    /// `ANY /ext_authz…`: Envoy's HTTP external authorization with that path prefix.
    case externalAuthorization
    /// `POST /v1/check`.
    case check
    /// `POST /v1/check/batch`.
    case checkBatch
    /// `POST /v1/admissions`.
    case admit
    /// `PUT /v1/admissions/{id}`.
    case renewAdmission(ByteRange)
    /// `DELETE /v1/admissions/{id}`.
    case endAdmission(ByteRange)
    /// `GET` and `POST /v1/quarantines`, `DELETE /v1/quarantines/{id}`.
    case quarantines
    /// `GET /v1/health`, `PUT` and `DELETE /v1/health/{signal}`.
    case healthSignals
    /// `GET /healthz`: whether the process runs.
    case health
    /// `GET /readyz`: whether it decides by what its files say.
    case readiness
    /// `GET /metrics`.
    case metrics
    /// `GET /v1/experience`: what customers have felt of late.
    case experience
    /// The paths that tokens are about.
    case oauth(OAuthEndpoint)
    /// A known path with another method; the ones it has.
    case wrongMethod(StaticString)
    /// Anything else.
    case unknown

    private static let admissionPrefix: StaticString = "/v1/admissions/"
    /// The prefix that Envoy is told to put before the path.
    static let externalAuthorizationPrefix: StaticString = "/ext_authz"

    /// Reads the request line.
    init(_ request: borrowing HTTPRequestView) {
        let path = request.head.path
        if request.equals(path, "/v1/authorize") {
            self = .authorize
        } else if Endpoint.isUnder(Endpoint.externalAuthorizationPrefix, request, path) {
            self = .externalAuthorization
        } else if request.equals(path, "/v1/check") {
            self = request.method == .post ? .check : .wrongMethod("POST")
        } else if request.equals(path, "/v1/check/batch") {
            self = request.method == .post ? .checkBatch : .wrongMethod("POST")
        } else if Endpoint.isUnder("/v1/quarantines", request, path) {
            self = .quarantines
        } else if Endpoint.isUnder("/v1/health", request, path) {
            self = .healthSignals
        } else if request.equals(path, "/healthz") {
            self = Endpoint.reading(.health, request.method)
        } else if request.equals(path, "/readyz") {
            self = Endpoint.reading(.readiness, request.method)
        } else if request.equals(path, "/metrics") {
            self = Endpoint.reading(.metrics, request.method)
        } else if request.equals(path, "/v1/experience") {
            self = Endpoint.reading(.experience, request.method)
        } else {
            self = Endpoint.admission(request, path) ?? Endpoint.oauth(request) ?? .unknown
        }
    }

    /// What is asked about admissions; `nil`: the path is another.
    private static func admission(_ request: borrowing HTTPRequestView, _ path: ByteRange) -> Endpoint? {
        if request.equals(path, "/v1/admissions") { return request.method == .post ? .admit : .wrongMethod("POST") }
        let length = UInt32(admissionPrefix.utf8CodeUnitCount)
        guard path.count > length else { return nil }
        var prefix = path
        prefix.count = length
        guard request.equals(prefix, admissionPrefix) else { return nil }
        var id = path
        id.start += length
        id.count -= length
        switch request.method {
        case .put: return .renewAdmission(id)
        case .delete: return .endAdmission(id)
        default: return .wrongMethod("PUT, DELETE")
        }
    }

    /// What is asked about tokens; `nil`: the path is another.
    private static func oauth(_ request: borrowing HTTPRequestView) -> Endpoint? {
        guard let endpoint = OAuthEndpoint(request) else { return nil }
        return endpoint.answers(request.method) ? .oauth(endpoint) : .wrongMethod(endpoint.methods)
    }

    private static func reading(_ endpoint: Endpoint, _ method: HTTPMethod) -> Endpoint {
        method == .get || method == .head ? endpoint : .wrongMethod("GET, HEAD")
    }

    /// Whether a path is a prefix such as `/ext_authz` or lies below it: `/ext_authzzz` does not.
    private static func isUnder(
        _ prefixText: StaticString, _ request: borrowing HTTPRequestView, _ path: ByteRange
    ) -> Bool {
        let length = UInt32(prefixText.utf8CodeUnitCount)
        guard path.count >= length else { return false }
        var prefix = path
        prefix.count = length
        guard request.equals(prefix, prefixText) else { return false }
        guard path.count > length else { return true }
        var next = path
        next.start += length
        next.count = 1
        return request.equals(next, "/")
    }
}
