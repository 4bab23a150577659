package import Vocabulary

/// What is stored of an API token: everything but the token.
package struct TokenGrant: Hashable, Sendable {
    /// Names the token in lists and records: `t_` and twelve characters that follow from its hash.
    package let id: String
    /// Whose token it is.
    package let owner: OperatorName
    /// What it is for, in its owner's words.
    package let label: String
    /// What of its owner's permissions it has.
    package let scopes: Set<TokenScope>
    /// The hash of its text.
    package let hash: SecretHash
    /// When it was issued.
    package let issuedAt: WallTime
    /// When it ends.
    package let expiresAt: WallTime
    /// When it was withdrawn, if it was.
    package var revokedAt: WallTime?
    /// When it was last used, to a minute.
    package var lastUsedAt: WallTime?

    /// The longest life of a token: a year, so that each is looked at once in a while.
    package static let lifetimeMax: Int64 = 366 * CivilDate.millisecondsPerDay
    /// The shortest life: an hour; what is shorter is a mistake in a unit.
    package static let lifetimeMin: Int64 = 3_600_000
    /// The longest label, in bytes.
    package static let labelLengthMax = 100
    /// The most tokens of one operator that are neither withdrawn nor expired.
    package static let countMax = 50
    /// How old `lastUsedAt` gets before a use is worth storing: most requests then store nothing.
    static let useResolution: Int64 = 60_000

    /// Restores a stored token.
    package init(
        owner: OperatorName, label: String, scopes: Set<TokenScope>, hash: SecretHash, issuedAt: WallTime,
        expiresAt: WallTime, revokedAt: WallTime? = nil, lastUsedAt: WallTime? = nil
    ) {
        id = "t_" + hash.name
        self.owner = owner
        self.label = label
        self.scopes = scopes
        self.hash = hash
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
    }

    /// Whether a token may be used at a moment.
    package func isUsable(at now: WallTime) -> Bool { revokedAt == nil && issuedAt <= now && now < expiresAt }

    /// Whether a use at a moment is worth storing.
    package func isUseNews(at now: WallTime) -> Bool {
        lastUsedAt.map { now.milliseconds - $0.milliseconds >= TokenGrant.useResolution } ?? true
    }

    /// What the token may do, given the roles that its owner holds now.
    package func authority(ownerGrants: Set<RoleGrant>) -> Authority {
        Authority(owner, grants: ownerGrants, scopes: scopes)
    }
}
