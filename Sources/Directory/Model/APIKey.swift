package import Vocabulary

/// What a directory knows of a key: everything but the key.
package struct APIKey: Hashable, Sendable {
    /// The name by which people and commands speak of the key: `k_7Q2M9X4C8H1V`; unique in a directory, not secret.
    package var id: String
    /// The keyed hash of the key's text.
    package var hash: KeyHash
    /// When it was made.
    package var created: WallTime
    /// The first moment at which it is no longer accepted.
    package var expires: WallTime?
    /// When it was revoked.
    ///
    /// A key that has this is not accepted, whatever the clock says: revoking is a fact, not a plan, and a clock that
    /// is behind must not let a stolen key in.
    package var revoked: WallTime?
    /// What it is for, in its owner's words.
    package var label: String?

    /// States a key.
    package init(
        id: String, hash: KeyHash, created: WallTime, expires: WallTime? = nil, revoked: WallTime? = nil,
        label: String? = nil
    ) {
        self.id = id
        self.hash = hash
        self.created = created
        self.expires = expires
        self.revoked = revoked
        self.label = label
    }

    /// What a key is worth at a moment.
    package enum Status: UInt8, Sendable {
        /// It is accepted.
        case active
        /// Its time is over.
        case expired
        /// Somebody withdrew it.
        case revoked

        /// The word that lists show.
        package var name: String {
            switch self {
            case .active: "active"
            case .expired: "expired"
            case .revoked: "revoked"
            }
        }
    }

    /// What the key is worth at a moment; one that was revoked and has expired is revoked.
    package func status(at now: WallTime) -> Status {
        if revoked != nil { return .revoked }
        if let expires, expires <= now { return .expired }
        return .active
    }

    /// A new id: 60 random bits, so that a directory of a million keys meets a taken one once in a million times.
    package static func randomID(using generator: inout some RandomNumberGenerator) -> String {
        "k_" + String(decoding: Crockford.random(count: 16, using: &generator).prefix(12), as: UTF8.self)
    }
}
