/// The gRPC methods that this server has.
package enum GRPCMethod: UInt8, CaseIterable, Sendable {
    /// Envoy's rate limit service.
    case shouldRateLimit
    /// Envoy's external authorization.
    case checkAuthorization
    /// The health of the server, once.
    case checkHealth
    /// The health of the server, and every change of it.
    case watchHealth
    /// Any other: clients are told that it is not implemented.
    case unknown

    /// The path on the wire: package, service, method.
    var path: StaticString? {
        switch self {
        case .shouldRateLimit: "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"
        case .checkAuthorization: "/envoy.service.auth.v3.Authorization/Check"
        case .checkHealth: "/grpc.health.v1.Health/Check"
        case .watchHealth: "/grpc.health.v1.Health/Watch"
        case .unknown: nil
        }
    }

    /// Recognises a path.
    init(path: Span<UInt8>) {
        self = .unknown
        for method in GRPCMethod.allCases {
            if let known = method.path, path.equals(0..<path.count, known) { self = method }
        }
    }

    /// The services, as health checks name them; the empty name is the server as a whole.
    static let services = [
        "", "envoy.service.ratelimit.v3.RateLimitService", "envoy.service.auth.v3.Authorization",
    ]
}
