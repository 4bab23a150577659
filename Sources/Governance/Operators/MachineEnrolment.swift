package import Access
internal import Ledger
internal import Policy
package import Vocabulary

/// Lets an operator in from the machine itself: who has the machine has the ledger's key anyway.
///
/// It is how the second operator of a ledger is let in by nobody whom they are to check, and what is left when there is
/// nobody else to reset somebody's credentials.
package enum MachineEnrolment {
    /// Who acts: `system/console`.
    package static let actor = "system/console"

    /// Makes an operator, or voids what one signs in with.
    ///
    /// `roles`: those of an operator that is new; empty for one that is there.
    ///
    /// - Returns: the text by which the operator can sign in, to be shown once.
    /// - Throws: `refused` for a new operator without roles, roles for one that is there, or one who is disabled.
    package static func letIn(
        _ name: OperatorName, roles: [Role], governor: Governor, at now: WallTime
    ) async throws(GovernanceError) -> EnrolmentSecret {
        let present = governor.read { $0.operators[name.text] }
        let stream = "operator/\(name)"
        var events: [LedgerEvent] = []
        switch (present, roles.isEmpty) {
        case (nil, true):
            throw .refused(
                GovernanceRefusal(
                    .unknown, "there is no operator \(name.text.quoted)",
                    suggestion: "give roles to make one: --role platform-admin"))
        case (nil, false):
            let facts = OperatorFacts(roles: roles.map { OperatorFacts.HeldRole(role: $0.rawValue) })
            events.append(LedgerEvent(.operatorStated(facts), in: stream))
        case (.some, false):
            throw .refused(
                GovernanceRefusal(
                    .exists, "there is an operator \(name.text.quoted), whose roles other operators state",
                    suggestion: "leave the roles out"))
        case (let entry?, true):
            guard !entry.facts.disabled else {
                throw .refused(GovernanceRefusal(.conflict, "\(name.text.quoted) is disabled"))
            }
        }
        var generator = SystemRandomNumberGenerator()
        let secret = EnrolmentSecret(using: &generator)
        events.append(LedgerEvent(.operatorCredentialsChanged(CredentialFacts(resetBy: secret, at: now)), in: stream))
        try await governor.append(events, by: actor, expecting: [stream: present?.version ?? 0])
        return secret
    }
}
