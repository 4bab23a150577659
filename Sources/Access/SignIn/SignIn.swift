package import Vocabulary

/// Judges an attempt to sign in, or to confirm an action, against what is stored.
///
/// The throttle is asked before, and told afterwards. The order inside is always the same: the password first, at full
/// cost also for a name that does not exist; the second factor only then, so that nobody learns from it whether there
/// is one without knowing the password.
package enum SignIn {
    /// What somebody brought.
    package struct Attempt: Sendable {
        /// The password.
        package var password: Password
        /// A one-time password or a recovery code, if one was given.
        package var second: String?

        /// Joins what was brought.
        package init(password: Password, second: String? = nil) {
            self.password = password
            self.second = second
        }
    }

    /// What an attempt led to.
    package enum Outcome: Sendable {
        /// It was right.
        ///
        /// `changed` is what has to be stored, by the version that is expected, before the session begins: the step of
        /// the code, or the recovery codes that are left. `nil`: nothing has changed.
        case signedIn(SignedIn, changed: OperatorCredentials?)
        /// The password was right, and a second factor is needed.
        case secondNeeded
        /// It was wrong. What of it is not said.
        case refused
    }

    /// Judges an attempt to sign in, against `nil` for a name that does not exist and for an operator who is disabled.
    ///
    /// It throws if nothing can be said because the server has too much to do; then the throttle is told that the
    /// attempt was abandoned. So it is where a second factor is needed: nothing was guessed wrong.
    ///
    /// `isKnown`: whether it comes from where strangers do not; they leave room for such attempts.
    package static func judge(
        _ attempt: Attempt, by name: OperatorName, against stored: OperatorCredentials?, checker: PasswordChecker,
        isKnown: Bool = true, at now: WallTime
    ) throws(PasswordError) -> Outcome {
        let isCorrect = try checker.isCorrect(attempt.password, for: stored?.password, isKnown: isKnown)
        guard isCorrect, var credentials = stored else { return .refused }
        func signedIn(_ method: SignedIn.Method) -> SignedIn {
            SignedIn(name, generation: credentials.generation, method: method, at: now)
        }
        // A password alone is half of what it takes: whoever has only that sets up the rest first.
        guard credentials.code != nil else { return .signedIn(signedIn(.enrolment), changed: nil) }
        guard let second = attempt.second else { return .secondNeeded }
        guard let method = credentials.acceptSecond(second, at: now) else { return .refused }
        return .signedIn(signedIn(method), changed: credentials)
    }

    /// Judges what confirms a privileged action: a one-time password.
    ///
    /// The password does not do, and where no phone is set up nothing does: a proof shows more than a session does. Nor
    /// does a recovery code: it is there to get back in and to set up another phone.
    ///
    /// - Returns: what has changed, to be stored before the proof is given; `nil` if it is not right.
    package static func confirm(
        _ text: String, against stored: OperatorCredentials, at now: WallTime
    ) -> OperatorCredentials? {
        var credentials = stored
        return credentials.code?.accept(text, at: now) == true ? credentials : nil
    }
}
