internal import Foundation
package import Vocabulary

/// Which tokens were withdrawn before their time: single ones by their names, and all of somebody up to a moment.
///
/// A value, so that it can be handed out and kept; `RevocationList` is the one that the event loops ask.
package struct Revocations: Hashable, Codable, Sendable {
    /// Single tokens, and the moment from which each is over anyway.
    package private(set) var tokens: [TokenName: Int64]
    /// All tokens of somebody that were issued up to a moment, in milliseconds.
    package private(set) var cuts: [Subject: Int64]

    /// The most single tokens; beyond that all tokens of their principal are withdrawn instead.
    package static let tokenCountMax = 65_536

    /// A token by its issuer and the name that it has there.
    package struct TokenName: Hashable, Codable, Sendable {
        /// Its issuer.
        package let issuer: String
        /// Its `jti`.
        package let id: String
    }

    /// Whose tokens are withdrawn.
    package enum Subject: Hashable, Codable, Sendable {
        /// Everybody's.
        case everybody
        /// Those of a tenant's principals.
        case tenant(String)
        /// Those of one principal; without a tenant one of the platform's.
        case principal(tenant: String?, name: String)
        /// Those that were issued for one API key, by its id.
        case key(String)
    }

    /// Nothing is withdrawn.
    package init() {
        tokens = [:]
        cuts = [:]
    }

    /// What is withdrawn elsewhere, as it stands there.
    package init(
        tokens: some Sequence<(issuer: String, id: String, expires: WallTime)>,
        cuts: some Sequence<(Subject, WallTime)>
    ) {
        self.init()
        for token in tokens {
            self.tokens[TokenName(issuer: token.issuer, id: token.id)] = token.expires.milliseconds
        }
        for (subject, moment) in cuts { revoke(subject, issuedUpTo: moment) }
    }

    /// Withdraws one token.
    ///
    /// Where the list is full, or the token has no name, all tokens of its principal up to now are withdrawn: more
    /// than was asked for, and never less.
    mutating func revoke(_ grant: TokenGrant, at now: WallTime) {
        if tokens.count >= Revocations.tokenCountMax { prune(at: now) }
        guard tokens.count < Revocations.tokenCountMax, !grant.tokenID.isEmpty else {
            revoke(.principal(tenant: grant.tenant, name: grant.principal), issuedUpTo: now)
            return
        }
        tokens[TokenName(issuer: grant.issuer, id: grant.tokenID)] = grant.expires.milliseconds
    }

    /// Withdraws all tokens of somebody that were issued up to a moment.
    ///
    /// Tokens state whole seconds, so what was issued within the second of that moment is withdrawn with them.
    package mutating func revoke(_ subject: Subject, issuedUpTo moment: WallTime) {
        cuts[subject] = max(cuts[subject] ?? .min, moment.milliseconds)
    }

    /// Forgets what concerns only tokens that are over.
    package mutating func prune(at now: WallTime) {
        tokens = tokens.filter { $0.value > now.milliseconds }
        let age = TokenVerifier.lifetimeMax.millisecondsRoundedUp
        cuts = cuts.filter { $0.value + age > now.milliseconds }
    }

    /// Whether a token was withdrawn.
    ///
    /// - Complexity: O(1).
    func covers(_ grant: TokenGrant) -> Bool {
        if tokens.isEmpty, cuts.isEmpty { return false }
        if tokens[TokenName(issuer: grant.issuer, id: grant.tokenID)] != nil { return true }
        if cuts.isEmpty { return false }
        func isCut(_ subject: Subject) -> Bool {
            cuts[subject].map { grant.issuedAt.milliseconds <= $0 } ?? false
        }
        return isCut(.everybody) || grant.tenant.map { isCut(.tenant($0)) } ?? false
            || isCut(.principal(tenant: grant.tenant, name: grant.principal))
            || grant.clientID.map { isCut(.key($0)) } ?? false
    }
}

/// The same as text, for a file.
extension Revocations {
    /// JSON, the same for the same revocations.
    package var fileText: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    /// Reads what `fileText` wrote; anything else is `nil`.
    package init?(fileText: String) {
        guard let value = try? JSONDecoder().decode(Revocations.self, from: Data(fileText.utf8)) else { return nil }
        self = value
    }
}
