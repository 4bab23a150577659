package import Vocabulary

/// What a token says, once its signature has been verified or the server has found it among its handles.
///
/// Names only: they are resolved against the directory and the policy that hold when the token is used, so a token
/// never gives more than its principal has at that moment.
package final class TokenGrant: Sendable {
    /// Who issued it: the claim `iss`.
    package let issuer: String
    /// Whether that is this server.
    package let isOwn: Bool
    /// The token's own name, `jti`; empty where an outside issuer gives none.
    package let tokenID: String
    /// The key it was signed with, `kid`; `nil` for a handle.
    package let keyID: String?
    /// The tenant's name; `nil`: the principal is the platform's.
    package let tenant: String?
    /// The principal's name.
    package let principal: String
    /// The id of the API key that it was issued for, `client_id`; a token does not outlive its key.
    ///
    /// `nil` for tokens of outside issuers, whose clients this server does not know.
    package let clientID: String?
    /// `live` or `test`: the tenant's environment when it was issued.
    package let environment: String?
    /// What it may be used for.
    package let limits: Limits
    /// The version of the policy under which it was issued.
    package let policyVersion: String?
    /// When it was issued.
    package let issuedAt: WallTime
    /// The first moment at which it is accepted.
    package let notBefore: WallTime?
    /// The first moment at which it is no longer accepted.
    package let expires: WallTime

    /// What a token may be used for: less than its principal may do, never more.
    package struct Limits: Hashable, Sendable {
        /// The classes it may be used for; `nil`: all that the principal has.
        package var classes: [String]?
        /// The best tier that its requests can have; `nil`: that of what they do.
        package var tierCeiling: String?
        /// The workflow it is part of, which rules see as the attribute `workflow`.
        package var workflow: String?

        /// No limits.
        package init() {}

        /// The words of the scope that ask for these limits (RFC 6749 §3.3).
        package var scope: String {
            let classes = (classes ?? []).map { "class:\($0)" }
            let tier = tierCeiling.map { ["tier:\($0)"] } ?? []
            let workflow = workflow.map { ["workflow:\($0)"] } ?? []
            return (classes + tier + workflow).joined(separator: " ")
        }
    }

    /// Who a token is for.
    package struct Subject: Hashable, Sendable {
        /// The tenant's name; `nil`: the platform.
        package var tenant: String?
        /// The principal's name.
        package var principal: String
        /// The id of the API key it is issued for.
        package var clientID: String?
        /// The tenant's environment.
        package var environment: String?

        /// States who it is.
        package init(tenant: String?, principal: String, clientID: String? = nil, environment: String? = nil) {
            self.tenant = tenant
            self.principal = principal
            self.clientID = clientID
            self.environment = environment
        }

        /// The name that people read: `acme/web`, `platform/gateway`.
        package var qualifiedName: String { "\(tenant ?? "platform")/\(principal)" }
    }

    /// When a token holds.
    struct Times {
        /// When it was issued.
        let issuedAt: WallTime
        /// The first moment at which it is accepted.
        var notBefore: WallTime?
        /// The first moment at which it is no longer accepted.
        let expires: WallTime
    }

    /// How a token is told from others.
    struct Mark {
        /// Who issued it.
        let issuer: String
        /// Whether that is this server.
        let isOwn: Bool
        /// Its own name.
        let tokenID: String
        /// The key it was signed with.
        let keyID: String?
    }

    /// States what a token says.
    init(_ mark: Mark, _ subject: Subject, _ limits: Limits, policyVersion: String?, _ times: Times) {
        issuer = mark.issuer
        isOwn = mark.isOwn
        tokenID = mark.tokenID
        keyID = mark.keyID
        tenant = subject.tenant
        principal = subject.principal
        clientID = subject.clientID
        environment = subject.environment
        self.limits = limits
        self.policyVersion = policyVersion
        issuedAt = times.issuedAt
        notBefore = times.notBefore
        expires = times.expires
    }

    /// Who it is for.
    package var subject: Subject {
        Subject(tenant: tenant, principal: principal, clientID: clientID, environment: environment)
    }
}
