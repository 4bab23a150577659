package import Access
package import Vocabulary

/// What is known of an API token: everything but the token.
package struct TokenFacts: Codable, Hashable, Sendable {
    /// The hash of its text.
    package var hash: String
    /// What it is for.
    package var label: String
    /// What of its owner's permissions it has.
    package var scopes: [String]
    /// The first moment at which it is no longer accepted.
    package var expires: EventTime

    /// States what is known of a token.
    package init(_ grant: TokenGrant) {
        hash = grant.hash.description
        label = grant.label
        scopes = grant.scopes.map(\.rawValue).sorted()
        expires = EventTime(grant.expiresAt)
    }

    /// The token that an event states; `nil` if it states none.
    ///
    /// A scope that is not known here gives nothing.
    package func grant(of owner: OperatorName, at time: WallTime) -> TokenGrant? {
        guard let hash = SecretHash(hash) else { return nil }
        return TokenGrant(
            owner: owner, label: label, scopes: Set(scopes.compactMap(TokenScope.init)), hash: hash, issuedAt: time,
            expiresAt: expires.moment)
    }
}

/// What somebody has looked for in the ledger: looking is an act too.
package struct AuditFacts: Codable, Hashable, Sendable {
    /// `search`, `proof` or `past`.
    package var what: String
    /// What was asked for, in the words of the request: actor, stream, type, times, text.
    package var filter: [String: String]

    /// States what was looked for.
    package init(what: String, filter: [String: String]) {
        self.what = what
        self.filter = filter
    }
}

/// That records were erased: their contents and salts are gone, and their leaves stay.
package struct ErasureFacts: Codable, Hashable, Sendable {
    /// Where they stand.
    package var sequences: [Int64]
    /// Why.
    package var reason: String

    /// States it.
    package init(sequences: [Int64], reason: String) {
        self.sequences = sequences
        self.reason = reason
    }
}

/// That somebody was let out of quarantine.
package struct QuarantineFacts: Codable, Hashable, Sendable {
    /// The entry.
    package var id: String
    /// What kind of subject it was about.
    package var kind: String
    /// The subject's name.
    package var name: String
    /// Why.
    package var reason: String

    /// States it.
    package init(id: String, kind: String, name: String, reason: String) {
        self.id = id
        self.kind = kind
        self.name = name
        self.reason = reason
    }
}
