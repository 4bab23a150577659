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
/// - Unknown credentials are not remembered, so strangers can push nobody out.
///
/// Each event loop owns one, so there is nothing to lock; it cannot be copied.
package struct CredentialCache: ~Copyable {
    private let hash: KeyedHash
    private let setMask: UInt64
    private var entries: [Entry]
    private var nextPlace = 0

    /// Entries of one set: a credential is in the four places its hash leads to, or nowhere.
    private static let setCount = 4

    /// One credential: 32 bytes, so that a set is two cache lines.
    private struct Entry {
        var hash: UInt128
        var generation: UInt64
        var key: Int
    }

    /// Makes an empty cache with a key of its own.
    ///
    /// - Parameter countMax: how many credentials it remembers at most, rounded up to a power of two;
    ///   32,768 take a mebibyte, and of 10,000 callers nearly all keep their place in it.
    /// - Precondition: `countMax` is positive.
    package init(countMax: Int = 32_768) {
        precondition(countMax > 0, "a cache has room for something (asked for \(countMax))")
        var count = Self.setCount
        while count < countMax { count *= 2 }
        setMask = UInt64(count / Self.setCount - 1)
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
        let set = Int(UInt64(truncatingIfNeeded: hash) & setMask) * Self.setCount
        for place in set..<set + Self.setCount where entries[place].hash == hash {
            guard entries[place].generation == directory.generation else { continue }
            return directory.match(ofKey: entries[place].key, at: now)
        }
        guard let key = directory.keyIndex(of: credential) else { return .unknown }
        entries[set + nextPlace] = Entry(hash: hash, generation: directory.generation, key: key)
        nextPlace = (nextPlace + 1) % Self.setCount
        return directory.match(ofKey: key, at: now)
    }
}
