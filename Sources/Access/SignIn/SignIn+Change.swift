package import Vocabulary

extension SignIn {
    /// Judges what an operator brings, within a session, to change what they sign in with: all of what it is now.
    ///
    /// The second factor comes first, because in a session there is no name to be found out, and a wrong code costs no
    /// derivation.
    ///
    /// `attempt` has the password, and a one-time password or, where the phone may be lost and `takesRecovery` says so,
    /// a recovery code.
    ///
    /// - Returns: the credentials with what was used up, to be stored with the change; `nil` if it is not right.
    /// - Throws: if nothing can be said because the server has too much to do.
    package static func reauthenticate(
        _ attempt: Attempt, takesRecovery: Bool, against stored: OperatorCredentials, checker: PasswordChecker,
        at now: WallTime
    ) throws(PasswordError) -> OperatorCredentials? {
        var credentials = stored
        guard let second = attempt.second, let method = credentials.acceptSecond(second, at: now),
            takesRecovery || method == .passwordAndCode
        else { return nil }
        return try checker.isCorrect(attempt.password, for: stored.password) ? credentials : nil
    }
}
