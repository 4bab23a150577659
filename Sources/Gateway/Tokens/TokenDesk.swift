internal import Directory
internal import Tokens
internal import Vocabulary

/// What one event loop knows of tokens: whom to ask, and which it has met.
final class TokenDesk {
    private let authority: TokenAuthority
    private var cache = TokenCache()

    /// A desk for one event loop.
    init(_ authority: TokenAuthority) { self.authority = authority }

    /// What a token is worth.
    func match(_ text: Span<UInt8>, in binding: DirectoryBinding, at now: WallTime) -> TokenCache.Match {
        cache.match(text, by: authority, in: binding, at: now)
    }

    /// The token at a place that the last `match` gave.
    subscript(place: Int) -> BoundToken? { cache[place] }
}
