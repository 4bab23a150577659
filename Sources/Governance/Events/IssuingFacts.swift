/// A key that tokens are signed with from some time on: its public half; the private one is kept beside the ledger.
package struct SigningKeyFacts: Codable, Hashable, Sendable {
    /// Its name, `kid`: the thumbprint of its public half.
    package var id: String
    /// Its algorithm, as JOSE names it.
    package var algorithm: String
    /// Its public half, as a JSON Web Key.
    package var key: String
    /// From when on it is published.
    package var at: EventTime

    /// States a key.
    package init(id: String, algorithm: String, key: String, at: EventTime) {
        self.id = id
        self.algorithm = algorithm
        self.key = key
        self.at = at
    }
}

/// That the key that was published signs now, and the one before it no more.
package struct KeyTurnFacts: Codable, Hashable, Sendable {
    /// From when on.
    package var at: EventTime

    /// States it.
    package init(at: EventTime) { self.at = at }
}

/// That one token is withdrawn.
package struct TokenRevocationFacts: Codable, Hashable, Sendable {
    /// Who has issued it.
    package var issuer: String
    /// Its name there, `jti`.
    package var id: String
    /// When it is over anyway.
    package var expires: EventTime
    /// The tenant it is for; `nil`: the platform, or nobody knows any more.
    package var tenant: String?
    /// The principal it is for; `nil`: nobody knows any more.
    package var principal: String?
    /// When it was withdrawn.
    package var at: EventTime

    /// States it.
    package init(
        issuer: String, id: String, expires: EventTime, tenant: String? = nil, principal: String? = nil, at: EventTime
    ) {
        self.issuer = issuer
        self.id = id
        self.expires = expires
        self.tenant = tenant
        self.principal = principal
        self.at = at
    }
}

/// That all tokens of somebody are withdrawn that were issued up to a moment.
package struct TokenCutFacts: Codable, Hashable, Sendable {
    /// Whose.
    package var subject: TokenSubject
    /// The moment.
    package var at: EventTime
    /// Why.
    package var reason: String?

    /// States it.
    package init(subject: TokenSubject, at: EventTime, reason: String? = nil) {
        self.subject = subject
        self.at = at
        self.reason = reason
    }
}

/// Whose tokens are withdrawn: the narrowest of what is named.
package struct TokenSubject: Codable, Hashable, Sendable {
    /// Everybody's, a tenant's, the platform's, a principal's, or those that were issued for a key.
    package var kind: Kind
    /// The tenant of a tenant's and of a tenant's principal.
    package var tenant: String?
    /// The principal.
    package var principal: String?
    /// The id of the key.
    package var key: String?

    /// The kinds; the raw values are API.
    package enum Kind: String, Codable, Sendable {
        /// Everybody's.
        case everybody
        /// Those of a tenant's principals.
        case tenant
        /// Those of one principal.
        case principal
        /// Those that were issued for one key.
        case key
    }

    /// States whose.
    package init(_ kind: Kind, tenant: String? = nil, principal: String? = nil, key: String? = nil) {
        self.kind = kind
        self.tenant = tenant
        self.principal = principal
        self.key = key
    }
}

/// Somebody else whose tokens are accepted.
package struct IssuerFacts: Codable, Hashable, Sendable {
    /// How operators name it.
    package var name: String
    /// What it calls itself, `iss`.
    package var issuer: String
    /// What it calls this API, `aud`.
    package var audience: String
    /// The URL of its keys.
    package var keys: String
    /// The type that its tokens have, `typ`; `nil`: `at+jwt`.
    package var type: String?
    /// The tenants that it may speak for; `nil`: all.
    package var tenants: [String]?
    /// Which claims mean what, by `tenant`, `principal`, `classes`, `tier` and `workflow`; what is missing has its
    /// default.
    package var claims: [String: String]

    /// States an issuer.
    package init(
        name: String, issuer: String, audience: String, keys: String, type: String? = nil, tenants: [String]? = nil,
        claims: [String: String] = [:]
    ) {
        self.name = name
        self.issuer = issuer
        self.audience = audience
        self.keys = keys
        self.type = type
        self.tenants = tenants
        self.claims = claims
    }

    /// What claims can mean.
    package static let claimNames = ["tenant", "principal", "classes", "tier", "workflow"]
}

/// Something by its name.
package struct IssuerName: Codable, Hashable, Sendable {
    /// The name.
    package var name: String

    /// Names it.
    package init(name: String) { self.name = name }
}

/// The oldest policy under which tokens may have been issued.
package struct MinimumPolicyFacts: Codable, Hashable, Sendable {
    /// Its version; `nil`: any.
    package var version: String?

    /// States it.
    package init(version: String?) { self.version = version }
}
