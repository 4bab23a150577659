package import Access
package import Vocabulary

/// Somebody who operates Headgate.
package struct OperatorEntry: Hashable, Sendable {
    /// The roles, and for which tenants.
    package internal(set) var facts: OperatorFacts
    /// How often what the operator signs in with was changed, or the operator disabled: sessions name it.
    package internal(set) var credentialGeneration: Int64 = 0
    /// Under which mark the vault keeps what the operator signs in with; `nil`: there is nothing.
    package internal(set) var secretsMark: String?
    /// What the operator can sign in with to set that, while somebody has let them in and they have not come yet.
    package internal(set) var enrolment: OpenEnrolment?
    /// Who has let the operator in, by name, as long as nobody else has vouched for them: the two may be one person.
    ///
    /// `nil` for whom the machine itself has let in.
    package internal(set) var sponsor: String?
    /// The steps of one-time codes that were accepted.
    package internal(set) var usedSteps = UsedSteps()
    /// The API tokens, those that are withdrawn or have ended too.
    package internal(set) var tokens: [TokenGrant] = []
    /// How many events the operator's stream has.
    package internal(set) var version: Int64 = 0
    /// When the operator was made.
    package let created: WallTime

    /// An operator is expected.
    package struct OpenEnrolment: Hashable, Sendable {
        /// The hash of the text.
        package let hash: SecretHash
        /// The first moment at which it is no longer accepted.
        package let expires: WallTime

        /// Whether a text is the one, and in time; a clock that went back does not make the time longer.
        package func accepts(_ secret: EnrolmentSecret, at now: WallTime) -> Bool {
            let left = expires.milliseconds - now.milliseconds
            return (1...EnrolmentSecret.lifetimeMilliseconds).contains(left) && secret.hash == hash
        }
    }
}

extension OperatorEntry {
    /// Applies a change of what the operator signs in with.
    mutating func apply(_ facts: CredentialFacts, by actor: String, at time: WallTime) {
        credentialGeneration += 1
        secretsMark = facts.mark
        enrolment = nil
        if facts.what.isPhoneNew { usedSteps = UsedSteps() }
        if let step = facts.step { usedSteps.insert(step) }
        guard facts.what == .reset else { return }
        sponsor = actor.removing(prefix: "operator/")
        if let hash = facts.enrolment.flatMap({ SecretHash($0) }), let expires = facts.expires {
            enrolment = OpenEnrolment(hash: hash, expires: expires.moment)
        }
        revokeTokens(at: time)
    }

    /// Applies what the operator may do from now on.
    ///
    /// Whoever is disabled starts anew when they are restored: neither sessions nor tokens of before come back.
    mutating func apply(_ facts: OperatorFacts, at time: WallTime) {
        let isDisabledNow = facts.disabled && !self.facts.disabled
        self.facts = facts
        guard isDisabledNow else { return }
        credentialGeneration += 1
        enrolment = nil
        revokeTokens(at: time)
    }

    /// Applies how the operator has shown who they are.
    mutating func apply(_ facts: SignInFacts) {
        if let step = facts.step { usedSteps.insert(step) }
        if facts.purpose == SignInFacts.enrolmentPurpose { enrolment = nil }
    }

    private mutating func revokeTokens(at time: WallTime) {
        for index in tokens.indices where tokens[index].revokedAt == nil { tokens[index].revokedAt = time }
    }
}
