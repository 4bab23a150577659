package import Directory
internal import Policy
package import Vocabulary

/// Remembers which tokens one event loop has met, so that a caller that comes again costs no signature.
///
/// An entry holds 128 bits of SipHash over the token under a key that this cache drew; no token stands in it. What
/// makes it safe:
/// - Only tokens whose signatures were good are remembered, so strangers can push nobody out.
/// - Times are compared at each use, and so is the API key that a token was issued for.
/// - An entry names the generation of the authority under which it was last looked at; under another one it is asked
///   whether the token was withdrawn, its key, its issuer or its policy dropped.
/// - It names the binding that it was resolved against, and is resolved anew against another one.
///
/// Each event loop owns one, so there is nothing to lock; it cannot be copied.
package struct TokenCache: ~Copyable {
    private let hash = KeyedHash(key: (.random(in: .min ... .max), .random(in: .min ... .max)))
    private let setMask: UInt64
    private var entries: [Entry]
    private var nextPlace = 0

    /// Entries of one set: a token is in the four places its hash leads to, or nowhere.
    private static let setCount = 4

    private struct Entry {
        var hash: UInt128
        /// The generation of the authority under which the token was last looked at.
        var generation: UInt64
        /// The generation of the binding that `token` was resolved against.
        var binding: UInt64 = 0
        /// What the token says; `nil`: the place is free.
        var grant: TokenGrant?
        /// The same, resolved; `nil` if that could not be done.
        var token: BoundToken?
    }

    /// What a loop makes of a token.
    package struct Match {
        /// Where in the cache the token is; -1: it is not known.
        package let place: Int
        /// Why it is not accepted, if it is not.
        package let fault: TokenFault?
    }

    /// Makes an empty cache with a key of its own.
    ///
    /// - Parameter countMax: how many tokens it remembers at most, rounded up to a power of two; 8,192 take some
    ///   megabytes once all places are taken.
    package init(countMax: Int = 8_192) {
        precondition(countMax > 0, "a cache has room for something (asked for \(countMax))")
        var count = Self.setCount
        while count < countMax { count *= 2 }
        setMask = UInt64(count / Self.setCount - 1)
        entries = Array(repeating: Entry(hash: 0, generation: 0), count: count)
    }

    /// The token at a place that `match` gave, until the next call of `match`.
    package subscript(place: Int) -> BoundToken? { entries[place].token }

    /// What a token is worth at a moment.
    ///
    /// - Complexity: O(n) in its bytes, no allocation for a token that was met before and nothing has changed since.
    package mutating func match(
        _ text: Span<UInt8>, by authority: TokenAuthority, in binding: DirectoryBinding, at now: WallTime
    ) -> Match {
        guard text.count <= CompactToken.byteCountMax else { return Match(place: -1, fault: .tooLong) }
        let hash = hash(text)
        let set = Int(UInt64(truncatingIfNeeded: hash) & setMask) * Self.setCount
        for place in set..<set + Self.setCount where entries[place].hash == hash && entries[place].grant != nil {
            return look(at: place, by: authority, in: binding, at: now)
        }
        // Read before the token is verified: what changes meanwhile is noticed at the next use.
        let generation = authority.generation
        let grant: TokenGrant
        do { grant = try authority.verify(text, at: now) } catch { return Match(place: -1, fault: error) }
        let place = place(in: set, at: now)
        entries[place] = Entry(hash: hash, generation: generation, grant: grant)
        return look(at: place, by: authority, in: binding, at: now)
    }

    /// Where the next token of a set goes: a place that is free or whose token is over, else the places in turn.
    ///
    /// A signature is dear, so no token is pushed out while there is room beside it.
    private mutating func place(in set: Int, at now: WallTime) -> Int {
        for place in set..<set + Self.setCount where entries[place].grant.map({ $0.expires <= now }) ?? true {
            return place
        }
        nextPlace = (nextPlace + 1) % Self.setCount
        return set + nextPlace
    }

    /// Looks at a token whose signature was good.
    private mutating func look(
        at place: Int, by authority: TokenAuthority, in binding: DirectoryBinding, at now: WallTime
    ) -> Match {
        guard let grant = entries[place].grant else { return Match(place: -1, fault: .malformed) }
        if entries[place].binding != binding.generation {
            entries[place].binding = binding.generation
            entries[place].token = BoundToken(grant, in: binding)
        }
        guard let token = entries[place].token else { return Match(place: -1, fault: .unknownSubject) }
        let generation = authority.generation
        if entries[place].generation != generation {
            // What was withdrawn stays so; the entry is asked about anew at each use, until it is pushed out.
            if let fault = authority.fault(of: grant) { return Match(place: place, fault: fault) }
            entries[place].generation = generation
        }
        if let fault = TokenVerifier.fault(of: grant, at: now) { return Match(place: place, fault: fault) }
        guard let key = token.key, binding.directory.status(ofKey: key, at: now) != .active else {
            return Match(place: place, fault: nil)
        }
        return Match(place: place, fault: .revoked)
    }
}
