internal import Tokens
internal import Vocabulary

extension HTTPResponseWriter {
    /// Starts an answer that nobody may keep (RFC 6749 §5.1).
    mutating func startOAuth(_ status: HTTPStatus) {
        start(status)
        field("Cache-Control", literal: "no-store")
        field("Pragma", literal: "no-cache")
    }

    /// Answers with an error of RFC 6749 §5.2.
    mutating func refusal(_ status: HTTPStatus, _ refusal: OAuthRefusal, retryAfter: Nanoseconds? = nil) {
        startOAuth(status)
        if status == .unauthorized { field("WWW-Authenticate", literal: "Basic realm=\"headgate\", charset=\"UTF-8\"") }
        if let retryAfter {
            field("Retry-After", retryAfter.secondsRoundedUp)
        } else if status == .serviceUnavailable {
            field("Retry-After", literal: "1")
        }
        finish { json in
            json.object { json in
                json.member("error", refusal.code.rawValue)
                json.member("error_description", refusal.detail)
            }
        }
    }
}

extension JSONWriter {
    /// Writes where everything is (RFC 8414 §2).
    mutating func value(metadataOf issuer: String) {
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        object { json in
            json.member("issuer", issuer)
            json.member("token_endpoint", "\(base)\(OAuthEndpoint.token.path)")
            json.member("jwks_uri", "\(base)\(OAuthEndpoint.keys.path)")
            json.member("introspection_endpoint", "\(base)\(OAuthEndpoint.introspect.path)")
            json.member("revocation_endpoint", "\(base)\(OAuthEndpoint.revoke.path)")
            json.member("grant_types_supported", array: { $0.value(literal: "client_credentials") })
            json.member("response_types_supported", array: { _ in })  // there is no authorization endpoint
            json.member("token_endpoint_auth_methods_supported", array: { $0.clientAuthenticationMethods() })
            json.member("introspection_endpoint_auth_methods_supported", array: { $0.clientAuthenticationMethods() })
            json.member("revocation_endpoint_auth_methods_supported", array: { $0.clientAuthenticationMethods() })
        }
    }

    private mutating func clientAuthenticationMethods() {
        value(literal: "client_secret_basic")
        value(literal: "client_secret_post")
    }

    /// Writes what a token says (RFC 7662 §2.2).
    mutating func value(introspectionOf grant: TokenGrant) {
        object { json in
            json.member("active", true)
            let scope = grant.limits.scope
            if !scope.isEmpty { json.member("scope", scope) }
            if let client = grant.clientID { json.member("client_id", client) }
            json.member("token_type", literal: "Bearer")
            json.member("exp", grant.expires.milliseconds / 1_000)
            json.member("iat", grant.issuedAt.milliseconds / 1_000)
            json.member("sub", grant.subject.qualifiedName)
            json.member("iss", grant.issuer)
            if !grant.tokenID.isEmpty { json.member("jti", grant.tokenID) }
            if let tenant = grant.tenant { json.member("hg_tenant", tenant) }
            json.member("hg_principal", grant.principal)
            if let environment = grant.environment { json.member("hg_environment", environment) }
            if let classes = grant.limits.classes {
                json.member("hg_classes", array: { json in classes.forEach { json.value($0) } })
            }
            if let tier = grant.limits.tierCeiling { json.member("hg_tier_ceiling", tier) }
            if let workflow = grant.limits.workflow { json.member("hg_workflow", workflow) }
            if let version = grant.policyVersion { json.member("hg_policy", version) }
        }
    }
}
