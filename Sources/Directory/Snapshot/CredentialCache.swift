package import Vocabulary

/// Remembers which credentials one event loop has met, so that a caller that comes again costs no HMAC.
///
/// An entry holds 128 bits of SipHash over the credential under a key that this cache drew, and the index of the key it
/// belongs to. No credential stands in it. All 128 bits are compared, so another text passes for a cached one with
/// probability 2⁻¹²⁸ a try, and nobody who does not know the cache's key can search for one.
///
/// What makes it safe:
/// - An entry names the generation of the snapshot it was made under and is void under every other one.
/// - It says which key a credential is, never that the key is good: revocation and expiry are looked up in the snapshot
///   at each use.
/// - Unknown credentials are not remembered, so strangers can push nobody out. Two callers whose entries want one place
///   take turns, which costs time and nothing else.
///
/// Not `Sendable` by intention of use: each event loop owns one, and copying it is an error.
package struct CredentialCache: ~Copyable {
    private let hash: KeyedHash
    private let mask: UInt64
    private var entries: [Entry]

    /// One credential: 32 bytes, so that two entries share a cache line.
    private struct Entry {
        var hash: UInt128
        var generation: UInt64
        var key: Int
    }

    /// Makes an empty cache with a key of its own.
    ///
    /// - Parameter countMax: how many credentials it remembers at most, rounded up to a power of two; 4,096 take 128 KiB.
    /// - Precondition: `countMax` is positive.
    package init(countMax: Int = 4_096) {
        precondition(countMax > 0, "a cache has room for something (asked for \(countMax))")
        var count = 1
        while count < countMax { count *= 2 }
        mask = UInt64(count - 1)
        entries = Array(repeating: Entry(hash: 0, generation: 0, key: 0), count: count)
        hash = KeyedHash(key: (.random(in: .min ... .max), .random(in: .min ... .max)))
    }

    /// Who has a credential, and what it is worth at a moment: the same answer as the snapshot's own `match`.
    ///
    /// - Complexity: O(1); a hit allocates nothing.
    package mutating func match(
        _ credential: Span<UInt8>, in directory: DirectorySnapshot, at now: WallTime
    ) -> CredentialMatch {
        guard credential.count == Credential.length else { return .unknown }
        let hash = hash(credential)
        let place = Int(UInt64(truncatingIfNeeded: hash) & mask)
        let entry = entries[place]
        if entry.generation == directory.generation, entry.hash == hash {
            return directory.match(ofKey: entry.key, at: now)
        }
        guard let key = directory.keyIndex(of: credential) else { return .unknown }
        entries[place] = Entry(hash: hash, generation: directory.generation, key: key)
        return directory.match(ofKey: key, at: now)
    }
}
