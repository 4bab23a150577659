package import Vocabulary

/// What an authenticated client has: what a token for it can say at most.
package struct TokenEntitlement: Hashable, Sendable {
    /// Who it is.
    package var subject: TokenGrant.Subject
    /// The classes it may claim, by name.
    package var classes: [String]
    /// The tiers of the policy, the most protected first.
    package var tiers: [String]
    /// The most protected tier that any of its work can have, an index into `tiers`.
    package var bestTier: Int
    /// Whether it may state its workflow: whether the directory lists the attribute `workflow` for it.
    package var mayStateWorkflow: Bool
    /// The version of the policy that holds.
    package var policyVersion: String
    /// When its API key expires.
    package var expires: WallTime?

    /// States what a client has.
    package init(
        subject: TokenGrant.Subject, classes: [String], tiers: [String], bestTier: Int, mayStateWorkflow: Bool,
        policyVersion: String, expires: WallTime? = nil
    ) {
        self.subject = subject
        self.classes = classes
        self.tiers = tiers
        self.bestTier = bestTier
        self.mayStateWorkflow = mayStateWorkflow
        self.policyVersion = policyVersion
        self.expires = expires
    }
}
