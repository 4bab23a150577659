/// What a client asks its token to be good for.
///
/// All of it stands in the scope of RFC 6749 §3.3, so that any client library can ask for it: words `class:NAME`, as
/// many as wanted, `tier:NAME` and `workflow:NAME`, at most one of each.
package struct TokenRequest: Hashable, Sendable {
    /// What the token may be used for.
    package let limits: TokenGrant.Limits

    /// The longest scope that is read.
    package static let scopeLengthMax = 1_024
    /// The most words.
    package static let wordCountMax = 32

    /// Asks for limits.
    package init(_ limits: TokenGrant.Limits = TokenGrant.Limits()) { self.limits = limits }

    /// Reads a scope.
    ///
    /// - Throws: `invalid_scope` for a word of another kind, and for one that stands twice.
    package init(scope: String) throws(OAuthRefusal) {
        guard scope.utf8.count <= TokenRequest.scopeLengthMax else {
            throw OAuthRefusal(.invalidScope, "the scope is longer than \(TokenRequest.scopeLengthMax) characters")
        }
        let words = scope.split(separator: " ").map(String.init)
        guard words.count <= TokenRequest.wordCountMax else {
            throw OAuthRefusal(.invalidScope, "the scope has more than \(TokenRequest.wordCountMax) words")
        }
        var limits = TokenGrant.Limits()
        for word in words {
            let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, parts[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw TokenRequest.unknown(word)
            }
            switch parts[0] {
            case "class" where limits.classes?.contains(parts[1]) != true:
                limits.classes = (limits.classes ?? []) + [parts[1]]
            case "tier" where limits.tierCeiling == nil: limits.tierCeiling = parts[1]
            case "workflow" where limits.workflow == nil: limits.workflow = parts[1]
            case "class", "tier", "workflow":
                throw OAuthRefusal(.invalidScope, "\(parts[0]) stands more often in the scope than it may")
            default: throw TokenRequest.unknown(word)
            }
        }
        self.limits = limits
    }

    private static func unknown(_ word: String) -> OAuthRefusal {
        OAuthRefusal(
            .invalidScope, "\(word.prefix(64)) is no scope; there are class:NAME, tier:NAME and workflow:NAME")
    }
}
