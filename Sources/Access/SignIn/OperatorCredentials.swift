internal import Vocabulary

/// What an operator signs in with, as it is stored.
package struct OperatorCredentials: Hashable, Sendable {
    /// The hash of the password; `nil` for somebody who signs in elsewhere only.
    package var password: PasswordHash?
    /// One-time passwords, once they are set up.
    package var code: CodeFactor?
    /// What stands in for a lost phone.
    package var recovery: RecoveryCodes
    /// Counts the changes that end sessions.
    package var generation: CredentialGeneration

    /// Joins what is stored.
    package init(
        password: PasswordHash?, code: CodeFactor? = nil, recovery: RecoveryCodes = RecoveryCodes(hashes: []),
        generation: CredentialGeneration
    ) {
        self.password = password
        self.code = code
        self.recovery = recovery
        self.generation = generation
    }

    /// What stands beside the password, for the rule of its length.
    package var factors: PasswordRule.Factors { code == nil ? .passwordAlone : .withCode }

    /// Accepts a one-time password or a recovery code.
    ///
    /// - Returns: how somebody has signed in with it; `nil` if it is not right. If it is, the value has changed and has
    ///   to be stored, by the version that is expected, before anything follows from it.
    mutating func acceptSecond(_ text: String, at now: WallTime) -> SignedIn.Method? {
        if code?.accept(text, at: now) == true { return .passwordAndCode }
        return code != nil && recovery.redeem(text) ? .passwordAndRecoveryCode : nil
    }
}
