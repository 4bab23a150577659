internal import Synchronization
internal import Access
internal import Governance
internal import HTTPTypes
internal import Ledger
internal import NIOPosix
internal import Vocabulary

extension Desk {
    /// What an operator who may sign in signs in with, and the version of the operator's stream to which that belongs.
    private func stored(of name: OperatorName) throws(Problem) -> (credentials: OperatorCredentials, version: Int64)? {
        let entry = governor.read { $0.operators[name.text] }
        guard let entry, !entry.facts.disabled else { return nil }
        let secrets = try recorded { () throws(LedgerError) in try vault.secrets(of: name) }
        let credentials = OperatorCredentials(
            password: secrets.password, code: secrets.code.map { CodeFactor(secret: $0, lastStep: entry.lastStep) },
            recovery: secrets.recovery, generation: CredentialGeneration(entry.credentialGeneration))
        return (credentials, entry.version)
    }

    /// Lets an operator in.
    func signIn(
        _ text: String, password: String, second: String?, from arrival: Arrival, at now: WallTime
    ) async throws(Problem) -> (token: SessionToken, session: Session) {
        let name = OperatorName(text)
        try admit(name, from: arrival, at: now)
        let found: (credentials: OperatorCredentials, version: Int64)? =
            if let name { try stored(of: name) } else { nil }
        guard let password = Password(password), let known = name ?? OperatorName("nobody") else {
            throw Problem(.unauthorized, "sign_in_refused", "name, password or code are wrong")
        }
        let outcome: SignIn.Outcome
        do {
            outcome = try await NIOThreadPool.singleton.runIfActive { [checker] in
                try SignIn.judge(
                    SignIn.Attempt(password: password, second: second), by: known, against: found?.credentials,
                    checker: checker, at: now)
            }
        } catch {
            throttle.withLock { $0.abandoned(by: name, from: arrival.address) }
            throw busy
        }
        switch outcome {
        case .refused: throw Problem(.unauthorized, "sign_in_refused", "name, password or code are wrong")
        case .secondNeeded:
            throw Problem(
                .unauthorized, "code_needed", "the password is right, and a one-time code is needed", member: "code")
        case .signedIn(let signedIn, let changed):
            let isRecovery = signedIn.method == .passwordAndRecoveryCode
            if isRecovery, let changed { try keep(changed.recovery, of: known) }
            try await record(
                SignInFacts(
                    purpose: "session", step: isRecovery ? nil : changed?.code?.lastStep, recovery: isRecovery,
                    address: arrival.address), by: known, expecting: isRecovery ? found?.version : nil)
            throttle.withLock { $0.succeeded(by: known, from: arrival.address) }
            var generator = SystemRandomNumberGenerator()
            guard let begun = sessions.begin(for: signedIn, address: arrival.address, using: &generator) else {
                throw busy
            }
            return begun
        }
    }

    /// Gives a proof for what an operator confirms.
    func confirm(
        _ challenge: String, with text: String, by name: OperatorName, from arrival: Arrival, at now: WallTime
    ) async throws(Problem) -> StepUpProof {
        try admit(name, from: arrival, at: now)
        guard stepUp.withLock({ $0.attempt(challenge, by: name, at: now) }) else {
            throttle.withLock { $0.abandoned(by: name, from: arrival.address) }
            throw .unknown("this challenge is unknown, has ended, was confirmed or has no attempt left", "challenge")
        }
        guard let found = try stored(of: name) else { throw .unauthenticated("this session has ended") }
        let outcome: (isRight: Bool, changed: OperatorCredentials?)
        do {
            outcome = try await NIOThreadPool.singleton.runIfActive { [checker] in
                try SignIn.confirm(text, against: found.credentials, checker: checker, at: now)
            }
        } catch {
            throttle.withLock { $0.abandoned(by: name, from: arrival.address) }
            throw busy
        }
        guard outcome.isRight else { throw Problem(.forbidden, "proof_refused", "this confirms nothing") }
        try await record(
            SignInFacts(purpose: "proof", step: outcome.changed?.code?.lastStep, address: arrival.address), by: name)
        throttle.withLock { $0.succeeded(by: name, from: arrival.address) }
        var generator = SystemRandomNumberGenerator()
        guard let proof = stepUp.withLock({ $0.prove(challenge, by: name, at: now, using: &generator) }) else {
            throw .unknown("this challenge has ended meanwhile", "challenge")
        }
        return proof
    }

    /// Makes the hash of a password that was drawn for somebody.
    func hash(_ password: Password) async throws(Problem) -> PasswordHash {
        do {
            return try await NIOThreadPool.singleton.runIfActive { [checker] in
                var generator = SystemRandomNumberGenerator()
                return try checker.hash(password, using: &generator)
            }
        } catch {
            throw busy
        }
    }

    private func admit(_ name: OperatorName?, from arrival: Arrival, at now: WallTime) throws(Problem) {
        guard
            case .wait(let milliseconds) = throttle.withLock({
                $0.attempt(by: name, from: arrival.address, at: now)
            })
        else { return }
        var problem = Problem(.tooManyRequests, "slow_down", "too many attempts have failed")
        problem.fields[.retryAfter] = String((milliseconds + 999) / 1_000)
        throw problem
    }

    /// Remembers that somebody has shown who they are; a code that was used meanwhile is refused there.
    private func record(
        _ facts: SignInFacts, by name: OperatorName, expecting version: Int64? = nil
    ) async throws(Problem) {
        do {
            try await governor.execute(
                .signIn(operatorName: name.text, facts), by: Authority(name, grants: []), expecting: version)
        } catch .refused {
            throw Problem(.unauthorized, "sign_in_refused", "name, password or code are wrong")
        } catch {
            throw Problem(error)
        }
    }

    private func keep(_ recovery: RecoveryCodes, of name: OperatorName) throws(Problem) {
        try recorded { () throws(LedgerError) in
            var secrets = try vault.secrets(of: name)
            secrets.recovery = recovery
            try vault.save(secrets, of: name)
        }
    }

    private var busy: Problem {
        var problem = Problem(.serviceUnavailable, "busy", "too many sign in at once", suggestion: "try again")
        problem.fields[.retryAfter] = "1"
        return problem
    }
}
