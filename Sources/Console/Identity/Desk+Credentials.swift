internal import Access
internal import Governance
internal import HTTPTypes
internal import Ledger
internal import NIOPosix
internal import Synchronization
internal import Vocabulary

/// Operators change what they sign in with themselves.
extension Desk {
    /// A phone that somebody is about to set up: nothing rests on it before it has shown a code.
    struct PhoneDraft: Sendable {
        /// What the app shares.
        let secret: CodeSecret
        /// Until when it can be confirmed.
        let expires: WallTime
    }

    /// What an operator brings to change something: all of what they sign in with now.
    struct Evidence: Sendable {
        /// The password.
        let password: String
        /// A one-time code, or a recovery code.
        let code: String
    }

    /// How long a phone that was drawn can be confirmed.
    private static let draftMilliseconds: Int64 = 10 * 60_000

    /// Draws what an operator's app is to share; the session keeps it until it is confirmed.
    func drawPhone(for session: Session, at now: WallTime) -> PhoneDraft {
        var generator = SystemRandomNumberGenerator()
        let draft = PhoneDraft(
            secret: CodeSecret(using: &generator),
            expires: WallTime(milliseconds: now.milliseconds + Desk.draftMilliseconds))
        phones.withLock { phones in
            phones = phones.filter { now < $0.value.expires }
            phones[session.id] = draft
        }
        return draft
    }

    /// Sets the first password and phone of an operator who was let in.
    ///
    /// - Returns: the recovery codes, to be shown once.
    func enrol(_ session: Session, password: String, code: String, at now: WallTime) async throws(Problem) -> [String] {
        guard session.signedIn.isForEnrolment else {
            throw Problem(
                .conflict, "conflict", "you have a password and a phone",
                suggestion: "change them at /v1/me/password and /v1/me/phone")
        }
        let found = try ownStored(session)
        let phone = try confirmedPhone(of: session, code, member: "code", at: now)
        let hash = try await checkedHash(of: password, for: session, member: "password")
        return try await replace(found, of: session, .enrolled, step: phone.acceptedStep) { secrets, recovery in
            secrets = OperatorSecrets(password: hash, code: phone.secret, recovery: recovery)
        }
    }

    /// Sets another password.
    func changePassword(
        _ session: Session, to password: String, with evidence: Evidence, from arrival: Arrival, at now: WallTime
    ) async throws(Problem) {
        let (found, changed) = try await reauthenticated(
            session, evidence, takesRecovery: false, from: arrival, at: now)
        let hash = try await checkedHash(of: password, for: session, member: "new_password")
        try await replace(found, of: session, .password, step: changed.code?.acceptedStep) { secrets, _ in
            secrets.password = hash
        }
    }

    /// Sets another phone, and other recovery codes with it.
    ///
    /// A recovery code does in place of the former phone's code: for that it is there.
    func changePhone(
        _ session: Session, confirmedBy code: String, with evidence: Evidence, from arrival: Arrival, at now: WallTime
    ) async throws(Problem) -> [String] {
        // The draft first: a recovery code is not spent on a phone that shows no code.
        let phone = try confirmedPhone(of: session, code, member: "new_code", at: now)
        let (found, _) = try await reauthenticated(session, evidence, takesRecovery: true, from: arrival, at: now)
        return try await replace(found, of: session, .phone, step: phone.acceptedStep) { secrets, recovery in
            secrets.code = phone.secret
            secrets.recovery = recovery
        }
    }

    /// Draws other recovery codes.
    func changeRecoveryCodes(
        _ session: Session, with evidence: Evidence, from arrival: Arrival, at now: WallTime
    ) async throws(Problem) -> [String] {
        let (found, changed) = try await reauthenticated(
            session, evidence, takesRecovery: false, from: arrival, at: now)
        return try await replace(found, of: session, .recovery, step: changed.code?.acceptedStep) {
            $0.recovery = $1
        }
    }

    private func ownStored(_ session: Session) throws(Problem) -> Stored {
        guard let found = try stored(of: session.signedIn.name) else {
            throw .unauthenticated("this session has ended")
        }
        return found
    }

    /// The phone that was drawn in this session, once it has shown a code.
    private func confirmedPhone(
        of session: Session, _ code: String, member: String, at now: WallTime
    ) throws(Problem) -> CodeFactor {
        guard let draft = phones.withLock({ $0[session.id] }), now < draft.expires else {
            throw Problem(
                .conflict, "conflict", "no phone waits to be confirmed in this session",
                suggestion: "draw a secret for it with POST /v1/me/phone")
        }
        var factor = CodeFactor(secret: draft.secret)
        guard factor.accept(code, at: now) else {
            throw .invalid("this is not what the new phone shows", member, "compare its clock with the server's")
        }
        return factor
    }

    private func reauthenticated(
        _ session: Session, _ evidence: Evidence, takesRecovery: Bool, from arrival: Arrival, at now: WallTime
    ) async throws(Problem) -> (Stored, OperatorCredentials) {
        let name = session.signedIn.name
        let attempt = Attempt(
            purpose: .credentials, name: name, address: arrival.address, origin: .session(id: session.id))
        try admit(attempt, at: now)
        let found = try ownStored(session)
        let changed: OperatorCredentials?
        do {
            changed = try await NIOThreadPool.singleton.runIfActive { [checker] in
                guard let password = Password(evidence.password) else { return nil }
                return try SignIn.reauthenticate(
                    SignIn.Attempt(password: password, second: evidence.code), takesRecovery: takesRecovery,
                    against: found.credentials, checker: checker, at: now)
            }
        } catch {
            throw abandoned(attempt)
        }
        guard let changed else {
            throw refused(attempt, Problem(.forbidden, "proof_refused", "password or code are wrong"))
        }
        note(.succeeded, attempt)
        throttle.withLock { $0.succeeded(by: name, from: attempt.origin) }
        return (found, changed)
    }

    /// The hash of a password that may be set.
    private func checkedHash(
        of text: String, for session: Session, member: String
    ) async throws(Problem) -> PasswordHash {
        guard let password = Password(text) else { throw .invalid("this is no password", member) }
        let name = session.signedIn.name
        if let weakness = PasswordRule.weakness(of: password, owner: name, factors: .withCode) {
            throw .invalid("the password \(weakness.words)", member)
        }
        do {
            return try await NIOThreadPool.singleton.runIfActive { [checker] in
                var generator = SystemRandomNumberGenerator()
                return try checker.hash(password, using: &generator)
            }
        } catch {
            throw busy
        }
    }

    /// Keeps other secrets, lets the ledger say that they count, and ends all that began with the former ones.
    ///
    /// - Returns: recovery codes that were drawn for it.
    @discardableResult
    private func replace(
        _ found: Stored, of session: Session, _ what: CredentialFacts.Change, step: Int64?,
        _ change: (inout OperatorSecrets, RecoveryCodes) -> Void
    ) async throws(Problem) -> [String] {
        let name = session.signedIn.name
        var generator = SystemRandomNumberGenerator()
        let (texts, recovery) = RecoveryCodes.draw(using: &generator)
        var secrets = found.secrets
        change(&secrets, recovery)
        let kept = secrets
        let mark = OperatorSecrets.drawMark(using: &generator)
        try recorded { () throws(LedgerError) in try vault.save(kept, of: name, mark: mark) }
        do {
            try await governor.execute(
                .changeCredentials(operatorName: name.text, CredentialFacts(what: what, mark: mark, step: step)),
                by: Authority(name, grants: []), expecting: found.entry.version)
        } catch {
            try? vault.forget(name, mark: mark)
            if case .refused(let refusal) = error, refusal.code == .stale {
                throw Problem(.conflict, "conflict", "you have done something else meanwhile", suggestion: "try again")
            }
            throw Problem(error)
        }
        // What no record names counts for nothing: that it could not be wiped does not matter.
        try? vault.forget(name, mark: found.entry.secretsMark)
        endAll(of: name)
        return texts
    }

    /// Ends the sessions of an operator, and what was begun in them.
    func endAll(of name: OperatorName) {
        sessions.endAll(of: name)
        stepUp.withLock { $0.removeAll(of: name) }
    }
}
