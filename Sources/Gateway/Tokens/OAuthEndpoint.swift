/// The paths that tokens are about.
enum OAuthEndpoint: CaseIterable {
    /// `POST /oauth/token`: a token for a client (RFC 6749 §4.4).
    case token
    /// `POST /oauth/introspect`: what a token is worth (RFC 7662).
    case introspect
    /// `POST /oauth/revoke`: a client withdraws its token (RFC 7009).
    case revoke
    /// `GET /.well-known/jwks.json`: the keys that verify.
    case keys
    /// `GET /.well-known/oauth-authorization-server`: where all this is (RFC 8414).
    case metadata

    /// The path.
    var path: StaticString {
        switch self {
        case .token: "/oauth/token"
        case .introspect: "/oauth/introspect"
        case .revoke: "/oauth/revoke"
        case .keys: "/.well-known/jwks.json"
        case .metadata: "/.well-known/oauth-authorization-server"
        }
    }

    /// Reads the path of a request.
    init?(_ request: borrowing HTTPRequestView) {
        for endpoint in OAuthEndpoint.allCases where request.equals(request.head.path, endpoint.path) {
            self = endpoint
            return
        }
        return nil
    }

    /// The methods it answers.
    var methods: StaticString {
        switch self {
        case .token, .introspect, .revoke: "POST"
        case .keys, .metadata: "GET, HEAD"
        }
    }

    /// Whether it answers a method.
    func answers(_ method: HTTPMethod) -> Bool {
        switch self {
        case .token, .introspect, .revoke: method == .post
        case .keys, .metadata: method == .get || method == .head
        }
    }
}
