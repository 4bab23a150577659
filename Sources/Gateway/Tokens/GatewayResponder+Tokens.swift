internal import Directory
internal import NIOCore
internal import Policy
internal import Tokens
internal import Vocabulary

/// The endpoints of OAuth: clients come here with their API keys, and only clients that are known cost a signature.
extension GatewayResponder {
    /// Answers at one of the paths that tokens are about.
    mutating func answer(
        _ endpoint: OAuthEndpoint, _ request: borrowing HTTPRequestView, _ writer: inout HTTPResponseWriter
    ) {
        guard let authority = decider.plane.tokens else {
            return writer.problem(.notFound, detail: "This server issues no tokens: it was started without --tokens.")
        }
        switch endpoint {
        case .keys:
            writer.start(.ok)
            // Shorter than keys are published before they sign.
            writer.field("Cache-Control", literal: "public, max-age=900")
            writer.finish(contentType: "application/jwk-set+json", body: ByteBuffer(string: authority.setup.keySet))
        case .metadata:
            writer.start(.ok)
            writer.field("Cache-Control", literal: "public, max-age=900")
            writer.finish { $0.value(metadataOf: authority.setup.issuer.name) }
        case .token, .introspect, .revoke: answer(endpoint, request, by: authority, &writer)
        }
    }

    /// The largest body: a token of 8 KiB, escaped, and a few words.
    private static let bodyBytesMax = 16 << 10

    /// Answers a client that proves who it is.
    private func answer(
        _ endpoint: OAuthEndpoint, _ request: borrowing HTTPRequestView, by authority: TokenAuthority,
        _ writer: inout HTTPResponseWriter
    ) {
        let now = decider.begin().0
        decider.refresh()
        do throws(OAuthRefusal) {
            let form = try form(of: request)
            let client = try client(try ClientCredentials(request, form), at: now)
            let allowance = endpoint == .revoke ? services.revocationAllowance : services.tokenAllowance
            if let wait = allowance.take(decider.plane.hash(client.qualifiedName), at: now.monotonic) {
                return writer.refusal(
                    .tooManyRequests, OAuthRefusal(.temporarilyUnavailable, "too many calls about tokens"),
                    retryAfter: wait)
            }
            switch endpoint {
            case .token: try issue(form, to: client, by: authority, at: now, &writer)
            case .introspect: try introspect(form, for: client, at: now, &writer)
            case .revoke: try revoke(form, of: client, by: authority, at: now, &writer)
            case .keys, .metadata: break
            }
        } catch {
            services.noteToken(.refused)
            let status: HTTPStatus =
                switch error.code {
                case .invalidClient: .unauthorized
                case .temporarilyUnavailable: .serviceUnavailable
                default: .badRequest
                }
            writer.refusal(status, error)
        }
    }

    private func form(of request: borrowing HTTPRequestView) throws(OAuthRefusal) -> FormBody {
        let type: StaticString = "application/x-www-form-urlencoded"
        guard let field = request.value(of: .contentType),
            request.withBytes(field, { $0.beginsIgnoringCase(0..<$0.count, type) })
        else { throw OAuthRefusal(.invalidRequest, "Content-Type must be \(type)") }
        // What stands in a URL stands in logs (RFC 6749 §2.3.1).
        guard request.head.query == nil else {
            throw OAuthRefusal(.invalidRequest, "parameters stand in the body, not in the URL")
        }
        let body = request.body
        guard body.readableBytes <= GatewayResponder.bodyBytesMax else {
            throw OAuthRefusal(.invalidRequest, "the body is longer than \(GatewayResponder.bodyBytesMax) bytes")
        }
        return try FormBody(body.readableBytesUInt8Span)
    }

    /// Finds the client, which has shown its API key; a token is no key here, or tokens could prolong themselves.
    private func client(_ credentials: ClientCredentials, at now: Moment) throws(OAuthRefusal) -> OAuthClient {
        let state = decider.state
        let unknown = OAuthRefusal(.invalidClient, "the client is not known, or its key is not good")
        guard credentials.secret.utf8.count == Credential.length else { throw unknown }
        let identity = decider.identify(credentials.secret.utf8.span, in: state, at: now)
        guard let client = OAuthClient(identity, in: state) else { throw unknown }
        guard credentials.id == client.qualifiedName || credentials.id == client.key.id else { throw unknown }
        if let refusal = identity.refusal {
            throw refusal == .tenantSuspended
                ? OAuthRefusal(.unauthorizedClient, "the tenant is suspended") : unknown
        }
        return client
    }

    /// `POST /oauth/token`.
    private func issue(
        _ form: borrowing FormBody, to client: OAuthClient, by authority: TokenAuthority, at now: Moment,
        _ writer: inout HTTPResponseWriter
    ) throws(OAuthRefusal) {
        guard let grantType = form["grant_type"] else {
            throw OAuthRefusal(.invalidRequest, "grant_type is missing; send client_credentials")
        }
        guard grantType == "client_credentials" else {
            throw OAuthRefusal(.unsupportedGrantType, "only client_credentials is granted here")
        }
        let request = try form["scope"].map { scope throws(OAuthRefusal) in try TokenRequest(scope: scope) }
        let issued = try authority.setup.issuer.issue(
            request ?? TokenRequest(), to: client.entitlement, handles: authority.handles, at: now.wall)
        services.noteToken(.issued)
        writer.startOAuth(.ok)
        writer.finish { json in
            json.object { json in
                json.member("access_token", issued.text)
                json.member("token_type", literal: "Bearer")
                json.member("expires_in", issued.expiresIn)
                let scope = issued.grant.limits.scope
                if !scope.isEmpty { json.member("scope", scope) }
            }
        }
    }

    /// `POST /oauth/introspect`: a tenant's principals hear of their tenant's tokens, the platform's of all.
    ///
    /// Of any other the answer is the same as of one that is over, so that nobody learns whose it is.
    private func introspect(
        _ form: borrowing FormBody, for client: OAuthClient, at now: Moment, _ writer: inout HTTPResponseWriter
    ) throws(OAuthRefusal) {
        guard let text = form["token"] else { throw OAuthRefusal(.invalidRequest, "token is missing") }
        let token = decider.token(text, at: now)
        services.noteToken(.introspected)
        writer.startOAuth(.ok)
        writer.finish { json in
            guard let grant = token?.grant, client.tenant == nil || client.tenant == grant.tenant else {
                return json.object { $0.member("active", false) }
            }
            json.value(introspectionOf: grant)
        }
    }

    /// `POST /oauth/revoke`: 200 also for what is no token any more (RFC 7009 §2.2).
    private func revoke(
        _ form: borrowing FormBody, of client: OAuthClient, by authority: TokenAuthority, at now: Moment,
        _ writer: inout HTTPResponseWriter
    ) throws(OAuthRefusal) {
        guard let text = form["token"] else { throw OAuthRefusal(.invalidRequest, "token is missing") }
        if let grant = decider.token(text, at: now)?.grant {
            guard grant.tenant == client.tenant, grant.principal == client.principal else {
                throw OAuthRefusal(.unauthorizedClient, "the token is another client's")
            }
            authority.revoke(grant, at: now.wall)
            services.noteToken(.revoked)
        }
        writer.startOAuth(.ok)
        writer.finish()
    }
}

extension Decider {
    /// A token that is good at a moment, and whose tenant is not suspended.
    fileprivate func token(_ text: String, at now: Moment) -> BoundToken? {
        let identity = identify(text.utf8.span, in: state, at: now)
        guard identity.token >= 0, identity.refusal == nil else { return nil }
        return tokens?[Int(identity.token)]
    }
}
