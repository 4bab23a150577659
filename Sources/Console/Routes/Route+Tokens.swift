internal import HTTPTypes
internal import Access
internal import Governance
internal import Policy
internal import Vocabulary

extension Route {
    private static let token = Schema.named(
        "Token",
        .object([
            .required("id", .word), .required("operator", .word), .required("label", .word),
            .required("scopes", .list(.choice(scopeNames), max: TokenScope.allCases.count)),
            .required("issued_at", .moment), .required("expires_at", .moment), .optional("revoked_at", .moment),
            .optional("token", .word, "The token itself, told once."),
        ]))

    private static func json(_ token: TokenGrant, text: String? = nil) -> JSONValue {
        .record([
            "id": .string(token.id), "operator": .string(token.owner.text), "label": .string(token.label),
            "scopes": .strings(token.scopes.map(\.rawValue).sorted()), "issued_at": .moment(token.issuedAt),
            "expires_at": .moment(token.expiresAt), "revoked_at": .time(token.revokedAt), "token": .text(text),
        ])
    }

    /// API tokens.
    static let tokens: [Route] = [
        Route(
            method: .get, path: "/v1/tokens", id: "listTokens", tag: "tokens", summary: "The caller's own API tokens.",
            access: .operatorsThemselves(byToken: false), query: Parameter.page, answer: .json(.page(of: token))
        ) { call in try list(call, of: try call.authority().name.text) },
        Route(
            method: .post, path: "/v1/tokens", id: "issueToken", tag: "tokens",
            summary: "Issue an API token to the caller.", access: .platform(.issueTokens),
            body: .object([
                .required("label", .text(1...TokenGrant.labelLengthMax)),
                .required("scopes", .list(.choice(scopeNames), max: TokenScope.allCases.count)),
                .required("lifetime_seconds", .number(3_600...366 * 86_400)),
            ]), answer: .json(token, .created), handle: issue),
        Route(
            method: .delete, path: "/v1/tokens/{token}", id: "revokeToken", tag: "tokens",
            summary: "Withdraw one of the caller's own API tokens.", access: .operatorsThemselves(byToken: false),
            answer: .nothing
        ) { call in
            let name = try call.authority().name.text
            try await call.execute(
                .revokeToken(operatorName: name, Verdict(id: call.parameter("token")), isOwn: true))
            return .done
        },
        Route(
            method: .get, path: "/v1/operators/{operator}/tokens", id: "listTokensOfOperator", tag: "tokens",
            summary: "An operator's API tokens.", access: .platform(.readOperators), query: Parameter.page,
            answer: .json(.page(of: token))
        ) { call in try list(call, of: try call.parameter("operator")) },
        Route(
            method: .delete, path: "/v1/operators/{operator}/tokens/{token}", id: "revokeTokenOfOperator",
            tag: "tokens", summary: "Withdraw anybody's API token.", access: .platform(.revokeAccess),
            answer: .nothing
        ) { call in
            try await call.execute(
                .revokeToken(
                    operatorName: call.parameter("operator"), Verdict(id: call.parameter("token")), isOwn: false))
            return .done
        },
    ]

    private static func list(_ call: Call, of name: String) throws(Problem) -> Reply {
        guard let entry = call.desk.governor.read({ $0.operators[name] }) else {
            throw .unknown("there is no operator \(name.quoted)", "operator")
        }
        let page = try call.page.select(entry.tokens, key: \.id) { _ in true }
        return .page(page.elements.map { json($0) }, next: page.next)
    }

    @Sendable
    private static func issue(_ call: Call) async throws -> Reply {
        let authority = try call.authority()
        let request = TokenRequest(
            label: try call.body.text("label"),
            scopes: Set((call.body.texts("scopes") ?? []).compactMap(TokenScope.init)),
            lifetimeMilliseconds: (call.body.number("lifetime_seconds") ?? 0) * 1_000)
        let name = authority.name
        let count = call.desk.governor.read { registry in
            registry.operators[name.text]?.tokens.count { $0.isUsable(at: call.now) } ?? 0
        }
        if let refusal = request.refusal(owner: authority, tokenCount: count) { throw problem(refusal) }
        var generator = SystemRandomNumberGenerator()
        let (token, grant) = request.issue(for: name, at: call.now, using: &generator)
        try await call.execute(.issueToken(operatorName: name.text, TokenFacts(grant)))
        return .json(json(grant, text: token.text), .created)
    }

    private static func problem(_ refusal: TokenRequest.Refusal) -> Problem {
        switch refusal {
        case .label: .invalid("a label has 1 to 100 bytes and no control characters", "label")
        case .noScope: .invalid("a token has a scope", "scopes", "scopes are \(scopeNames.listed())")
        case .scopeBeyondOwner(let scope):
            .invalid("you have nothing of what \(scope.rawValue) allows", "scopes")
        case .lifetime: .invalid("a token lives from an hour to 366 days", "lifetime_seconds")
        case .tooMany:
            Problem(
                .conflict, "out_of_bounds", "you have \(TokenGrant.countMax) tokens that can be used",
                suggestion: "withdraw those that nobody uses")
        case .byToken: Problem(.forbidden, "forbidden", "a token issues no token")
        }
    }
}
