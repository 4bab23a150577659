package import Directory
package import Policy
internal import Vocabulary

/// A token brought together with the directory and the policy that hold now: names resolved, rights cut down.
///
/// Belongs to one event loop.
package final class BoundToken {
    /// What the token says.
    package let grant: TokenGrant
    /// Its principal, an index into the directory.
    package let principal: Int
    /// The API key it was issued for, an index into the directory; `nil` for tokens of outside issuers.
    package let key: Int?
    /// What the principal may do with it, without its plan: the classes that both the directory and the token have.
    package let caller: Caller
    /// The class that its requests are in unless they say another: the only one that it is for.
    package let claim: String?
    /// The best tier of its requests, an index into the policy's; -1: there is no ceiling.
    package let tierCeiling: Int
    /// The workflow that it states, if its principal may state one.
    package let workflow: String?

    /// The attribute that a token states.
    package static let workflowAttribute = "workflow"

    /// Resolves a token.
    ///
    /// - Returns: `nil` if its principal, or the key it was issued for, is not in the directory, or its tenant has
    ///   another environment now.
    init?(_ grant: TokenGrant, in binding: DirectoryBinding) {
        let directory = binding.directory
        var tenant: Int?
        if let name = grant.tenant {
            guard let index = directory.tenantIndex(named: name) else { return nil }
            if let stated = grant.environment, directory.tenant(at: index).environment.word != stated { return nil }
            tenant = index
        }
        guard let principal = directory.principalIndex(named: grant.principal, tenant: tenant) else { return nil }
        var key: Int?
        if grant.isOwn {
            guard let id = grant.clientID, let index = directory.keyIndex(id: id, ofPrincipal: principal) else {
                return nil
            }
            key = index
        }
        let policy = binding.policy
        var caller = binding.caller(ofPrincipal: principal)
        if let names = grant.limits.classes {
            caller.classes = caller.classes.filter { names.contains(policy.classes[$0].name) }
        }
        self.grant = grant
        self.principal = principal
        self.key = key
        self.caller = caller
        claim = grant.limits.classes.flatMap { $0.count == 1 ? $0[0] : nil }
        workflow = caller.attributes.contains(BoundToken.workflowAttribute) ? grant.limits.workflow : nil
        // A tier that has gone from the policy is none that the token may have: the least protected one is left.
        tierCeiling =
            grant.limits.tierCeiling.map { name in
                policy.tiers.firstIndex { $0.name == name } ?? policy.quarantineTier
            } ?? -1
    }
}

extension Credential.Environment {
    /// The word that tokens have for it.
    package var word: String { self == .live ? "live" : "test" }
}
