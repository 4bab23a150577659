internal import Vocabulary

/// The claims of our own tokens: those of RFC 9068 §2.2, and private ones with the prefix `hg_`.
struct OwnClaims: Encodable {
    private let grant: TokenGrant
    private let audience: String

    /// States what a grant says.
    init(_ grant: TokenGrant, audience: String) {
        self.grant = grant
        self.audience = audience
    }

    /// The names of the private claims.
    enum Name: String, CodingKey {
        case issuer = "iss"
        case audience = "aud"
        case subject = "sub"
        case clientID = "client_id"
        case tokenID = "jti"
        case issuedAt = "iat"
        case expires = "exp"
        case scope
        case tenant = "hg_tenant"
        case principal = "hg_principal"
        case environment = "hg_environment"
        case classes = "hg_classes"
        case tierCeiling = "hg_tier_ceiling"
        case workflow = "hg_workflow"
        case policyVersion = "hg_policy"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encode(grant.issuer, forKey: .issuer)
        try container.encode(audience, forKey: .audience)
        try container.encode(grant.subject.qualifiedName, forKey: .subject)
        try container.encode(grant.clientID ?? grant.principal, forKey: .clientID)
        try container.encode(grant.tokenID, forKey: .tokenID)
        try container.encode(grant.issuedAt.milliseconds / 1_000, forKey: .issuedAt)
        try container.encode(grant.expires.milliseconds / 1_000, forKey: .expires)
        let scope = grant.limits.scope
        if !scope.isEmpty { try container.encode(scope, forKey: .scope) }
        try container.encodeIfPresent(grant.tenant, forKey: .tenant)
        try container.encode(grant.principal, forKey: .principal)
        try container.encodeIfPresent(grant.environment, forKey: .environment)
        try container.encodeIfPresent(grant.limits.classes, forKey: .classes)
        try container.encodeIfPresent(grant.limits.tierCeiling, forKey: .tierCeiling)
        try container.encodeIfPresent(grant.limits.workflow, forKey: .workflow)
        try container.encodeIfPresent(grant.policyVersion, forKey: .policyVersion)
    }
}

extension TokenClaims {
    /// A text by the name that our own tokens give it.
    func text(_ name: OwnClaims.Name) -> String? { text(name.rawValue) }
    /// A list of texts by the name that our own tokens give it.
    func texts(_ name: OwnClaims.Name) -> [String]? { texts(name.rawValue) }
    /// A moment by the name that our own tokens give it.
    func moment(_ name: OwnClaims.Name) -> WallTime? { moment(name.rawValue) }
    /// Whether there is a claim by the name that our own tokens give it.
    func has(_ name: OwnClaims.Name) -> Bool { members[name.rawValue] != nil }
}
