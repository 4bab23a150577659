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
    /// `GET /healthz`: whether the process runs.
    case health
    /// `GET /readyz`: whether it decides by what its files say.
    case readiness
    /// `GET /metrics`.
    case metrics
    /// A known path with another method; the ones it has.
    case wrongMethod(StaticString)
    /// Anything else.
    case unknown

    /// The prefix that Envoy is told to put before the path.
    static let externalAuthorizationPrefix: StaticString = "/ext_authz"

    /// Reads the request line.
    init(_ request: borrowing HTTPRequestView) {
        let path = request.head.path
        if request.equals(path, "/v1/authorize") {
            self = .authorize
        } else if Endpoint.isUnderPrefix(request, path) {
            self = .externalAuthorization
        } else if request.equals(path, "/v1/check") {
            self = request.method == .post ? .check : .wrongMethod("POST")
        } else if request.equals(path, "/v1/check/batch") {
            self = request.method == .post ? .checkBatch : .wrongMethod("POST")
        } else if request.equals(path, "/healthz") {
            self = Endpoint.reading(.health, request.method)
        } else if request.equals(path, "/readyz") {
            self = Endpoint.reading(.readiness, request.method)
        } else if request.equals(path, "/metrics") {
            self = Endpoint.reading(.metrics, request.method)
        } else {
            self = .unknown
        }
    }

    private static func reading(_ endpoint: Endpoint, _ method: HTTPMethod) -> Endpoint {
        method == .get || method == .head ? endpoint : .wrongMethod("GET, HEAD")
    }

    /// Whether a path is `/ext_authz` or lies below it: `/ext_authzzz` does not.
    private static func isUnderPrefix(_ request: borrowing HTTPRequestView, _ path: ByteRange) -> Bool {
        let length = UInt32(externalAuthorizationPrefix.utf8CodeUnitCount)
        guard path.count >= length else { return false }
        var prefix = path
        prefix.count = length
        guard request.equals(prefix, externalAuthorizationPrefix) else { return false }
        guard path.count > length else { return true }
        var next = path
        next.start += length
        next.count = 1
        return request.equals(next, "/")
    }
}
