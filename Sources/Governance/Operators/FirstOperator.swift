package import Access
internal import Ledger
internal import Policy
internal import Vocabulary

/// The operator who begins: there is nobody yet who could let anybody in.
package struct FirstOperator: Sendable {
    /// What the operator's app shares.
    package let code: CodeSecret
    /// What stands in for a lost phone, to be shown once.
    package let recoveryCodes: [String]

    /// Who acts before there is anybody: `system/init`.
    package static let actor = "system/init"

    /// Makes a platform admin in a ledger that has no operator, and puts a first policy into force.
    ///
    /// - Throws: `refused` if there is an operator already, or if the policy has errors; then nothing has changed.
    package static func begin(
        _ name: OperatorName, password: Password, policy documents: [PolicyText]?, governor: Governor,
        vault: OperatorVault
    ) async throws(GovernanceError) -> FirstOperator {
        guard governor.read({ $0.operators.isEmpty }) else {
            throw .refused(
                GovernanceRefusal(
                    .exists, "this ledger has operators already", suggestion: "ask one of them, or name another folder")
            )
        }
        var events: [LedgerEvent] = []
        var versions = ["operator/\(name)": Int64(0)]
        let facts = OperatorFacts(roles: [OperatorFacts.HeldRole(role: Role.platformAdmin.rawValue)])
        events.append(LedgerEvent(.operatorStated(facts), in: "operator/\(name)"))
        events.append(
            LedgerEvent(.operatorCredentialsChanged(CredentialFacts(what: "password")), in: "operator/\(name)"))
        if let documents {
            events += try firstPolicy(documents)
            versions["policy"] = 0
        }
        var generator = SystemRandomNumberGenerator()
        let code = CodeSecret(using: &generator)
        let (texts, recovery) = RecoveryCodes.draw(using: &generator)
        let hash: PasswordHash
        do throws(PasswordError) { hash = try PasswordHash(of: password, using: &generator) } catch {
            throw .refused(GovernanceRefusal(.conflict, "the password could not be hashed: \(error)"))
        }
        do throws(LedgerError) {
            try vault.save(OperatorSecrets(password: hash, code: code, recovery: recovery), of: name)
        } catch {
            throw .ledger(error)
        }
        try await governor.append(events, by: actor, expecting: versions)
        return FirstOperator(code: code, recoveryCodes: texts)
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
