package import Vocabulary

/// How a server issues tokens, and whose else it accepts: what the file of `--tokens` says.
package struct TokenSettings: Hashable, Sendable {
    /// What this server calls itself, `iss`: an https URL, on loopback also http.
    package var issuer: String
    /// Whom the tokens are for, `aud`; the same text where they are used.
    package var audience: String
    /// The form of the tokens.
    package var form = TokenForm.signed
    /// What they are signed with.
    package var algorithm = TokenAlgorithm.es256
    /// How long they last.
    package var lifetime = Nanoseconds.seconds(300)
    /// How long a key signs before the next one does.
    package var rotation = Nanoseconds.seconds(30 * 86_400)
    /// The version of the oldest policy under which tokens may have been issued; `nil`: any.
    package var minimumPolicy: String?
    /// Whose tokens are accepted besides.
    package var outside: [OutsideIssuer] = []

    /// States what has no default.
    package init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }

    /// How long a next key has to be published before it signs: as long as the set of keys may be kept by verifiers.
    package static let overlap = Nanoseconds.seconds(3_600)

    /// Somebody else whose tokens are accepted.
    package struct OutsideIssuer: Hashable, Sendable {
        /// What it calls itself, `iss`.
        package var issuer: String
        /// What it calls this API, `aud`.
        package var audience: String
        /// Where its keys are.
        package var keys: KeySource
        /// The type that its tokens have, `typ`.
        package var type = "at+jwt"
        /// The tenants that it may speak for; `nil`: all.
        package var tenants: [String]?
        /// Which claims mean what.
        package var claims = ClaimNames()

        /// States what has no default.
        package init(issuer: String, audience: String, keys: KeySource) {
            self.issuer = issuer
            self.audience = audience
            self.keys = keys
        }
    }

    /// Where keys are.
    package enum KeySource: Hashable, Sendable {
        /// At a URL: https, on loopback also http.
        case url(String)
        /// In a file.
        case file(String)
    }

    /// Which claims of an outside issuer say what.
    package struct ClaimNames: Hashable, Sendable {
        /// The name of the tenant.
        package var tenant = "tenant"
        /// The name of the principal.
        package var principal = "sub"
        /// The classes that the token is for; a token without it is for all that the principal has.
        package var classes = "classes"
        /// The best tier; a token without it has no ceiling.
        package var tier = "tier_ceiling"
        /// The workflow.
        package var workflow = "workflow"

        /// The default names.
        package init() {}
    }
}
