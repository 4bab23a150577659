package import Vocabulary

/// What an operator asks for who wants an API token.
package struct TokenRequest: Sendable {
    /// What the token is for, in words that the owner will still understand in a year.
    package var label: String
    /// What of its owner's permissions it shall have.
    package var scopes: Set<TokenScope>
    /// How long it shall live, in milliseconds.
    package var lifetimeMilliseconds: Int64

    /// Asks for a token.
    package init(label: String, scopes: Set<TokenScope>, lifetimeMilliseconds: Int64) {
        self.label = label
        self.scopes = scopes
        self.lifetimeMilliseconds = lifetimeMilliseconds
    }

    /// Why there can be no such token.
    package enum Refusal: Hashable, Sendable {
        /// The label is empty, longer than 100 bytes, or has control characters.
        case label
        /// No scope.
        case noScope
        /// A scope of whose permissions the owner has none: the token could do nothing with it.
        case scopeBeyondOwner(TokenScope)
        /// Shorter than an hour or longer than a year.
        case lifetime
        /// The owner has as many tokens as there can be.
        case tooMany
        /// A token asks for a token.
        case byToken
    }

    /// What is wrong with the request of an owner who has so many usable tokens; `nil`: nothing.
    package func refusal(owner: Authority, tokenCount: Int) -> Refusal? {
        guard owner.scopes == nil else { return .byToken }
        let isReadable = label.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard !label.isEmpty, label.utf8.count <= TokenGrant.labelLengthMax, isReadable else { return .label }
        guard !scopes.isEmpty else { return .noScope }
        if let scope = TokenScope.allCases.first(where: { scopes.contains($0) && !isUseful($0, for: owner) }) {
            return .scopeBeyondOwner(scope)
        }
        guard TokenGrant.lifetimeMin...TokenGrant.lifetimeMax ~= lifetimeMilliseconds else { return .lifetime }
        return tokenCount < TokenGrant.countMax ? nil : .tooMany
    }

    private func isUseful(_ scope: TokenScope, for owner: Authority) -> Bool {
        scope.permissions.contains { owner.reach(of: $0) != .nowhere }
    }

    /// Draws the token.
    ///
    /// - Precondition: `refusal(owner:tokenCount:)` was `nil`.
    /// - Returns: the text, to be shown once, and what is stored.
    package func issue(
        for owner: OperatorName, at now: WallTime, using generator: inout some RandomNumberGenerator
    ) -> (token: OperatorToken, grant: TokenGrant) {
        let token = OperatorToken(using: &generator)
        let end = WallTime(milliseconds: now.milliseconds + lifetimeMilliseconds)
        let grant = TokenGrant(
            owner: owner, label: label, scopes: scopes, hash: token.hash, issuedAt: now, expiresAt: end)
        return (token, grant)
    }
}
