internal import Access
internal import Directory
internal import Governance
internal import HTTPTypes
internal import Policy
internal import Vocabulary

extension Route {
    private static let key = Schema.named(
        "SigningKey",
        .object([
            .required("id", .word, "`kid`."), .required("algorithm", .word),
            .required("state", .choice(TokenRegistry.SigningKeyEntry.State.allCases.map(\.rawValue))),
            .required("published_at", .moment), .optional("activated_at", .moment), .optional("retired_at", .moment),
        ]))

    private static let issuerMembers: [Schema.Member] = [
        .required("issuer", .text(1...500), "What it calls itself, `iss`."),
        .required("audience", .text(1...500), "What it calls this API, `aud`."),
        .required("keys", .text(1...500), "The URL of its JSON Web Key Set."),
        .optional("type", .text(1...100), "`typ` of its tokens; `at+jwt` without it."),
        .optional("tenants", .list(.text(1...128), max: 10_000), "For whom it may speak; without it, for all."),
        .optional(
            "claims", .object(IssuerFacts.claimNames.map { .optional($0, .word) }), "Which of its claims mean what."),
    ]

    private static let issuer = Schema.named("Issuer", .object([.required("name", .word)] + issuerMembers))

    private static let minimum = Schema.object([
        .optional("minimum", .word, "The version of the oldest policy; without it, any.")
    ])

    /// Short-lived tokens of callers: what signs them, whose count, and what is withdrawn.
    static let issuing: [Route] =
        keysAndIssuers + revocations(at: "/v1/tenants/{tenant}", named: "Tenant", Access.tenant)
        + revocations(at: "/v1/platform", named: "Platform", Access.platform)

    private static let keysAndIssuers: [Route] =
        [
            Route(
                method: .get, path: "/v1/signing-keys", id: "listSigningKeys", tag: "issuing",
                summary: "The keys that tokens are signed with, the oldest first.", access: .platform(.readPlatform),
                answer: .json(.page(of: key))
            ) { call in .page(call.registry.tokens.keys.map(json), next: nil) },
            Route(
                method: .post, path: "/v1/signing-keys/rotation", id: "rotateSigningKeys", tag: "issuing",
                summary: "Let the next key sign now, on all servers, and draw one that comes after it.",
                access: .platform(.writeIssuers), body: .object([]), answer: .json(.page(of: key)),
                precondition: .honoured, handle: rotate),
            Route(
                method: .get, path: "/v1/issuers", id: "listIssuers", tag: "issuing",
                summary: "Whose tokens are accepted besides, by name; those of a server's own file stand there.",
                access: .platform(.readPlatform), query: Parameter.page, answer: .json(.page(of: issuer))
            ) { call in
                let page = try call.page.select(call.registry.tokens.issuers.values, key: \.name) { _ in true }
                return .page(page.elements.map(json), next: page.next)
            },
            Route(
                method: .get, path: "/v1/issuers/{issuer}", id: "getIssuer", tag: "issuing", summary: "One of them.",
                access: .platform(.readPlatform), answer: .json(issuer)
            ) { call in try tellIssuer(call) },
            Route(
                method: .put, path: "/v1/issuers/{issuer}", id: "stateIssuer", tag: "issuing",
                summary: "Accept an issuer's tokens, as stated from now on.", access: .platform(.writeIssuers),
                body: .object(issuerMembers), answer: .json(issuer), precondition: .required, handle: stateIssuer),
            Route(
                method: .delete, path: "/v1/issuers/{issuer}", id: "removeIssuer", tag: "issuing",
                summary: "Accept an issuer's tokens no more, also those that are out.",
                access: .platform(.writeIssuers), answer: .nothing, precondition: .honoured
            ) { call in
                try await call.execute(.removeIssuer(name: call.parameter("issuer")))
                return .done
            },
            Route(
                method: .get, path: "/v1/token-policy", id: "getTokenPolicy", tag: "issuing",
                summary: "The oldest policy under which tokens may have been issued.", access: .platform(.readPlatform),
                answer: .json(minimum)
            ) { call in tellMinimum(call) },
            Route(
                method: .put, path: "/v1/token-policy", id: "stateTokenPolicy", tag: "issuing",
                summary: "Refuse tokens that were issued under policies before this one; without one, none.",
                access: .platform(.writeIssuers), body: minimum, answer: .json(minimum), precondition: .honoured
            ) { call in
                try await call.execute(
                    .stateMinimumPolicy(MinimumPolicyFacts(version: call.body.optionalText("minimum"))))
                return tellMinimum(call)
            },
            Route(
                method: .post, path: "/v1/token-revocations", id: "revokeTokensOfEverybody", tag: "issuing",
                summary: "Withdraw all tokens of callers that were issued up to now.",
                access: .platform(.revokeAccess), body: .object([.required("reason", .reason)]), answer: .nothing
            ) { call in
                try await cut(TokenSubject(.everybody), call)
                return .done
            },
        ]

    private static func revocations(
        at base: String, named owner: String, _ access: (Permission) -> Access
    ) -> [Route] {
        [
            Route(
                method: .post, path: base + "/token-revocations", id: "revokeTokensOf\(owner)", tag: "issuing",
                summary: "Withdraw the tokens that were issued up to now: of a principal, or for a key"
                    + (owner == "Tenant" ? "; without either, all of the tenant." : "."),
                access: access(.revokeKeys),
                body: .object([
                    .optional("principal", .word), .optional("key", .word, "The id of the key they were issued for."),
                    .optional("reason", .reason),
                ]), answer: .nothing
            ) { call in
                let (principal, key) = (call.body.optionalText("principal"), call.body.optionalText("key"))
                guard principal == nil || key == nil else {
                    throw Problem.invalid("of principal and key, one is named", "key")
                }
                let tenant = call.parameters["tenant"]
                if let key {
                    try await cut(TokenSubject(.key, tenant: tenant, key: key), call)
                } else if let principal {
                    try await cut(TokenSubject(.principal, tenant: tenant, principal: principal), call)
                } else {
                    guard tenant != nil else { throw Problem.invalid("name a principal or a key", "principal") }
                    try await cut(TokenSubject(.tenant, tenant: tenant), call)
                }
                return .done
            }
        ]
    }

    private static func cut(_ subject: TokenSubject, _ call: Call) async throws(Problem) {
        try await call.execute(
            .cutTokens(
                TokenCutFacts(subject: subject, at: EventTime(call.now), reason: call.body.optionalText("reason"))))
    }

    @Sendable
    private static func rotate(_ call: Call) async throws -> Reply {
        guard let signing = call.desk.signing else {
            throw Problem(
                .conflict, "conflict", "this server issues no tokens", suggestion: "start it with --tokens FILE")
        }
        let facts: SigningKeyFacts
        do { facts = try signing.drawKey(at: call.now) } catch {
            throw Problem(.serviceUnavailable, "unavailable", "no key can be made: \(error)")
        }
        try await call.execute(.rotateSigningKeys(facts))
        return .page(call.registry.tokens.keys.map(json), next: nil)
    }

    @Sendable
    private static func stateIssuer(_ call: Call) async throws -> Reply {
        let name = try call.parameter("issuer")
        try call.requireVersion(replacing: call.desk.governor.read { $0.tokens.issuers[name] != nil })
        var claims: [String: String] = [:]
        if case .object(let members)? = call.body.members["claims"] {
            for (meaning, claim) in members { if case .text(let text) = claim { claims[meaning] = text } }
        }
        try await call.execute(
            .stateIssuer(
                IssuerFacts(
                    name: name, issuer: call.body.text("issuer"), audience: call.body.text("audience"),
                    keys: call.body.text("keys"), type: call.body.optionalText("type"),
                    tenants: call.body.texts("tenants"), claims: claims)))
        return try tellIssuer(call)
    }

    private static func tellIssuer(_ call: Call) throws(Problem) -> Reply {
        let name = try call.parameter("issuer")
        let (facts, version) = call.desk.governor.read {
            ($0.tokens.issuers[name], $0.version(of: TokenRegistry.stream))
        }
        guard let facts else { throw .unknown("there is no issuer \(name.quoted)", "issuer") }
        return .json(json(facts), version: version)
    }

    private static func tellMinimum(_ call: Call) -> Reply {
        let (version, stream) = call.desk.governor.read {
            ($0.tokens.minimumPolicy, $0.version(of: TokenRegistry.stream))
        }
        return .json(.record(["minimum": .text(version)]), version: stream)
    }

    private static func json(_ entry: TokenRegistry.SigningKeyEntry) -> JSONValue {
        .record([
            "id": .string(entry.facts.id), "algorithm": .string(entry.facts.algorithm),
            "state": .string(entry.state.rawValue), "published_at": .moment(entry.facts.at.moment),
            "activated_at": .time(entry.activated), "retired_at": .time(entry.retired),
        ])
    }

    private static func json(_ facts: IssuerFacts) -> JSONValue {
        .record([
            "name": .string(facts.name), "issuer": .string(facts.issuer), "audience": .string(facts.audience),
            "keys": .string(facts.keys), "type": .text(facts.type), "tenants": facts.tenants.map { .strings($0) },
            "claims": .object(facts.claims.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }),
        ])
    }
}
