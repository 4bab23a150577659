/// One request that is to be decided: the members of the check call, and how long it may wait.
///
/// ```swift
/// var call = AdmissionCall(method: "POST", path: "/v1/envelopes/7/signatures")
/// call.credential = key
/// ```
public struct AdmissionCall: Hashable, Sendable {
    /// The key or token of the caller.
    ///
    /// Who is known by one needs no `tenant`.
    public var credential: String?
    /// The tenant, instead of a credential; the server must trust this client.
    public var tenant: String?
    /// The principal of the tenant.
    public var principal: String?
    /// The method of the request.
    public var method: String?
    /// The path of the request, as it came, with its query or without.
    public var path: String?
    /// The name of the operation in the policy, instead of method and path.
    public var operation: String?
    /// A claim to a class, honoured only if the principal may use it.
    public var trafficClass: String?
    /// The region the request is for; `nil`: the server's own.
    public var region: String?
    /// What it costs instead of what the operation says; at least 1, and the server must trust this client.
    public var cost: Int?
    /// Bytes of request and response, for quotas that count them.
    public var bytes: Int?
    /// The key under which repeats of the request are recognised.
    public var idempotencyKey: String?
    /// Names and values that the policy's rules look at; the server must trust this client.
    public var attributes: [String: String] = [:]
    /// How long it may wait for a seat, if not as long as the configuration says; counts for `admit` alone.
    public var waitMax: Duration?
    /// The route that serves the request, such as `/v1/envelopes/{id}`.
    ///
    /// Never sent. While the server is away, requests of one route are of the tier that the server gave that route
    /// last; without it the path is used, with segments that look like identifiers taken for the same.
    public var route: String?

    /// A request by method and path.
    public init(method: String, path: String) {
        self.method = method
        self.path = path
    }

    /// A request by the name that the policy has for its operation.
    public init(operation: String) { self.operation = operation }

    /// Who calls, as far as local limits tell callers apart; `nil`: all of whom nothing is said share one.
    package var caller: String? { credential ?? tenant.map { "\($0)/\(principal ?? "")" } }
}
