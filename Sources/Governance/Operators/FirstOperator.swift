package import Access
internal import Ledger
internal import Policy
package import Vocabulary

/// The operator who begins: there is nobody yet who could let anybody in.
package enum FirstOperator: Sendable {
    /// The operator has set a password on the machine itself: what the operator's app shares, and what stands in for a
    /// lost phone, to be shown once.
    case enrolled(CodeSecret, recoveryCodes: [String])
    /// Somebody else has begun the ledger for the operator, who sets a password and a phone at the first sign-in.
    case expected(EnrolmentSecret)

    /// Who acts before there is anybody: `system/init`.
    package static let actor = "system/init"

    /// Makes a platform admin in a ledger that has no operator, and puts a first policy into force.
    ///
    /// `password`: that of the operator, who is there; `nil`: somebody else does it for the operator.
    ///
    /// - Returns: what the operator has to be told.
    /// - Throws: `refused` if there is an operator already, or if the policy has errors; then nothing has changed.
    package static func begin(
        _ name: OperatorName, password: Password?, policy documents: [PolicyText]?, governor: Governor,
        vault: OperatorVault, at now: WallTime
    ) async throws(GovernanceError) -> FirstOperator {
        guard governor.read({ $0.operators.isEmpty }) else {
            throw .refused(
                GovernanceRefusal(
                    .exists, "this ledger has operators already", suggestion: "ask one of them, or name another folder")
            )
        }
        let stream = "operator/\(name)"
        let facts = OperatorFacts(roles: [OperatorFacts.HeldRole(role: Role.platformAdmin.rawValue)])
        var events = [LedgerEvent(.operatorStated(facts), in: stream)]
        var versions = [stream: Int64(0)]
        var policyEvents: [LedgerEvent] = []
        if let documents {
            policyEvents = try firstPolicy(documents)
            versions["policy"] = 0
        }
        let (outcome, change) = try secrets(of: name, password: password, vault: vault, at: now)
        events.append(LedgerEvent(.operatorCredentialsChanged(change), in: stream))
        try await governor.append(events + policyEvents, by: actor, expecting: versions)
        return outcome
    }

    private static func secrets(
        of name: OperatorName, password: Password?, vault: OperatorVault, at now: WallTime
    ) throws(GovernanceError) -> (FirstOperator, CredentialFacts) {
        var generator = SystemRandomNumberGenerator()
        guard let password else {
            let secret = EnrolmentSecret(using: &generator)
            return (.expected(secret), CredentialFacts(resetBy: secret, at: now))
        }
        let code = CodeSecret(using: &generator)
        let (texts, recovery) = RecoveryCodes.draw(using: &generator)
        let hash: PasswordHash
        do throws(PasswordError) { hash = try PasswordHash(of: password, using: &generator) } catch {
            throw .refused(GovernanceRefusal(.conflict, "the password could not be hashed: \(error)"))
        }
        let mark = OperatorSecrets.drawMark(using: &generator)
        do throws(LedgerError) {
            try vault.save(OperatorSecrets(password: hash, code: code, recovery: recovery), of: name, mark: mark)
        } catch {
            throw .ledger(error)
        }
        return (.enrolled(code, recoveryCodes: texts), CredentialFacts(what: .enrolled, mark: mark))
    }

    private static func firstPolicy(_ documents: [PolicyText]) throws(GovernanceError) -> [LedgerEvent] {
        let snapshot: Snapshot
        do { snapshot = try PolicyText.compile(documents).get() } catch { throw .refused(error) }
        let facts = ProposalFacts(
            id: "p1", version: snapshot.version.description, documents: documents, reason: "the first policy")
        return [
            LedgerEvent(.policyProposed(facts), in: "policy"),
            LedgerEvent(.policyPublished(PublicationFacts(id: "p1")), in: "policy"),
        ]
    }
}

extension LedgerEvent {
    /// Writes an event for a record.
    init(_ event: GovernanceEvent, in stream: String) {
        self.init(stream: stream, type: event.type, payload: event.payload)
    }
}
