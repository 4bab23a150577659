internal import Access
internal import Governance
internal import HTTPTypes
internal import Ledger
internal import NIOPosix
internal import Synchronization
internal import Vocabulary

extension Desk {
    /// What somebody brings who wants to sign in.
    struct SignInRequest: Sendable {
        /// The name, as it came.
        let name: String
        /// The password, or the text by which somebody was let in.
        let password: String
        /// A one-time code, or a recovery code.
        let second: String?
        /// The device, where it says which it is.
        let device: DeviceToken?
    }

    /// Somebody who has signed in.
    struct Begun: Sendable {
        /// The session's token, to be sent once.
        let token: SessionToken
        /// The session.
        let session: Session
        /// By what the device is known from now on.
        let device: DeviceToken?
    }

    /// What an operator who may sign in signs in with, as it is kept.
    struct Stored: Sendable {
        /// What the ledger says of the operator.
        let entry: OperatorEntry
        /// What is kept.
        let secrets: OperatorSecrets

        /// The same as the access room judges it.
        var credentials: OperatorCredentials {
            OperatorCredentials(
                password: secrets.password, code: secrets.code.map { CodeFactor(secret: $0, used: entry.usedSteps) },
                recovery: secrets.recovery, generation: CredentialGeneration(entry.credentialGeneration))
        }
    }

    /// What an operator signs in with; `nil` for one who may not, or does not exist.
    func stored(of name: OperatorName) throws(Problem) -> Stored? {
        guard let entry = governor.read({ $0.operators[name.text] }), !entry.facts.disabled else { return nil }
        let secrets = try recorded { () throws(LedgerError) in try vault.secrets(of: name, mark: entry.secretsMark) }
        return Stored(entry: entry, secrets: secrets)
    }

    /// Lets an operator in.
    func signIn(_ request: SignInRequest, from arrival: Arrival, at now: WallTime) async throws(Problem) -> Begun {
        let name = OperatorName(request.name)
        let attempt = Attempt(
            purpose: .session, name: name, address: arrival.address,
            origin: .outside(address: arrival.address, device: request.device))
        try admit(attempt, at: now)
        let signedIn: SignedIn
        if let secret = EnrolmentSecret(request.password) {
            signedIn = try await signIn(by: secret, attempt, at: now)
        } else {
            signedIn = try await signIn(request, attempt, at: now)
        }
        note(signedIn.isForEnrolment ? .enrolling : .succeeded, attempt)
        throttle.withLock { $0.succeeded(by: signedIn.name, from: attempt.origin) }
        var generator = SystemRandomNumberGenerator()
        guard let begun = sessions.begin(for: signedIn, address: arrival.address, using: &generator) else { throw busy }
        guard !signedIn.isForEnrolment else { return Begun(token: begun.token, session: begun.session, device: nil) }
        let device = request.device ?? DeviceToken(using: &generator)
        throttle.withLock { $0.remember(device, of: signedIn.name) }
        return Begun(token: begun.token, session: begun.session, device: device)
    }

    private func signIn(
        _ request: SignInRequest, _ attempt: Attempt, at now: WallTime
    ) async throws(Problem) -> SignedIn {
        let found: Stored? = if let name = attempt.name { try stored(of: name) } else { nil }
        guard let password = Password(request.password), let known = attempt.name ?? OperatorName("nobody") else {
            throw refused(attempt)
        }
        let isKnown = throttle.withLock { $0.isKnown(attempt.name, from: attempt.origin) }
        let outcome: SignIn.Outcome
        do {
            outcome = try await NIOThreadPool.singleton.runIfActive { [checker] in
                try SignIn.judge(
                    SignIn.Attempt(password: password, second: request.second), by: known,
                    against: found?.credentials, checker: checker, isKnown: isKnown, at: now)
            }
        } catch {
            throw abandoned(attempt)
        }
        switch outcome {
        case .refused: throw refused(attempt)
        case .secondNeeded:
            note(.codeNeeded, attempt)
            throw Problem(
                .unauthorized, "code_needed", "the password is right, and a one-time code is needed", member: "code")
        case .signedIn(let signedIn, let changed):
            try await remember(signedIn, changed, found, attempt)
            return signedIn
        }
    }

    /// Remembers that somebody has signed in; a code that was used meanwhile is refused there.
    private func remember(
        _ signedIn: SignedIn, _ changed: OperatorCredentials?, _ found: Stored?, _ attempt: Attempt
    ) async throws(Problem) {
        let isRecovery = signedIn.method == .passwordAndRecoveryCode
        if isRecovery, let changed, let found, let mark = found.entry.secretsMark {
            var secrets = found.secrets
            secrets.recovery = changed.recovery
            try recorded { () throws(LedgerError) in try vault.save(secrets, of: signedIn.name, mark: mark) }
        }
        try await record(
            SignInFacts(
                purpose: "session", step: isRecovery ? nil : changed?.code?.acceptedStep, recovery: isRecovery,
                address: attempt.address), attempt, expecting: isRecovery ? found?.entry.version : nil)
    }

    /// Lets somebody in whom somebody else, or the machine, has let in: once.
    private func signIn(
        by secret: EnrolmentSecret, _ attempt: Attempt, at now: WallTime
    ) async throws(Problem) -> SignedIn {
        guard let name = attempt.name, let entry = governor.read({ $0.operators[name.text] }), !entry.facts.disabled,
            entry.enrolment?.accepts(secret, at: now) == true
        else { throw refused(attempt) }
        try await record(
            SignInFacts(purpose: SignInFacts.enrolmentPurpose, address: attempt.address), attempt,
            expecting: entry.version)
        return SignedIn(
            name, generation: CredentialGeneration(entry.credentialGeneration), method: .enrolment, at: now)
    }

    /// Gives a proof for what an operator confirms.
    func confirm(
        _ challenge: String, with text: String, by session: Session, from arrival: Arrival, at now: WallTime
    ) async throws(Problem) -> StepUpProof {
        let name = session.signedIn.name
        let attempt = Attempt(
            purpose: .proof, name: name, address: arrival.address, origin: .session(id: session.id))
        try admit(attempt, at: now)
        guard stepUp.withLock({ $0.attempt(challenge, by: name, at: now) }) else {
            throttle.withLock { $0.abandoned(by: name, from: attempt.origin) }
            throw .unknown("this challenge is unknown, has ended, was confirmed or has no attempt left", "challenge")
        }
        guard let found = try stored(of: name) else { throw .unauthenticated("this session has ended") }
        guard let changed = SignIn.confirm(text, against: found.credentials, at: now) else {
            throw refused(attempt, Problem(.forbidden, "proof_refused", "this confirms nothing"))
        }
        try await record(
            SignInFacts(purpose: "proof", step: changed.code?.acceptedStep, address: arrival.address), attempt)
        note(.succeeded, attempt)
        throttle.withLock { $0.succeeded(by: name, from: attempt.origin) }
        var generator = SystemRandomNumberGenerator()
        guard let proof = stepUp.withLock({ $0.prove(challenge, by: name, at: now, using: &generator) }) else {
            throw .unknown("this challenge has ended meanwhile", "challenge")
        }
        return proof
    }

    /// Remembers that somebody has shown who they are.
    private func record(
        _ facts: SignInFacts, _ attempt: Attempt, expecting version: Int64? = nil
    ) async throws(Problem) {
        guard let name = attempt.name else { throw refused(attempt) }
        do {
            try await governor.execute(
                .signIn(operatorName: name.text, facts), by: Authority(name, grants: []), expecting: version)
        } catch .refused {
            throw refused(attempt)
        } catch {
            throw Problem(error)
        }
    }
}
