package import Vocabulary

/// The keys that tokens are signed with, at different stations of their lives.
///
/// Verifiers keep what they have fetched for a while, so a key must be published before it signs, and stay published
/// after: `next` → `current` → `retired`. A ring always has one current key and one next.
package struct SigningKeyRing: Hashable, Sendable {
    /// All keys, the oldest first.
    package internal(set) var keys: [SigningKey]

    /// A new ring: a key that signs at once, since nobody has fetched anything yet, and the one after it.
    package init(_ algorithm: TokenAlgorithm, at now: WallTime) throws {
        var current = try SigningKey.make(algorithm, at: now)
        current.state = .current
        current.activated = now
        keys = [current, try SigningKey.make(algorithm, at: now)]
    }

    /// A ring that was read.
    init(keys: [SigningKey]) { self.keys = keys }

    /// The key that signs.
    package var current: SigningKey? { keys.last { $0.state == .current } }
    /// The key that will sign after it.
    package var next: SigningKey? { keys.last { $0.state == .next } }

    /// Lets the next key sign, retires the current one and makes another next key.
    ///
    /// - Parameters:
    ///   - algorithm: that of the key that is made: a change of algorithm takes effect one turn later, when the new
    ///     key has been published for a while.
    ///   - now: the moment.
    /// - Throws: what the cryptography says if it cannot make a key; nothing has changed then.
    package mutating func rotate(_ algorithm: TokenAlgorithm, at now: WallTime) throws {
        let made = try SigningKey.make(algorithm, at: now)
        for index in keys.indices {
            switch keys[index].state {
            case .current:
                keys[index].state = .retired
                keys[index].retired = now
            case .next:
                keys[index].state = .current
                keys[index].activated = now
            case .retired: break
            }
        }
        keys.append(made)
    }

    /// Makes the next key one of an algorithm, if it is another's: nobody has relied on it yet.
    ///
    /// - Returns: whether it was.
    package mutating func prepareNext(_ algorithm: TokenAlgorithm, at now: WallTime) throws -> Bool {
        guard let index = keys.lastIndex(where: { $0.state == .next }), keys[index].algorithm != algorithm else {
            return false
        }
        keys[index] = try SigningKey.make(algorithm, at: now)
        return true
    }

    /// Forgets keys that have been retired for longer than any token lives.
    ///
    /// - Returns: whether any was forgotten.
    @discardableResult
    package mutating func prune(lifetimeMax: Nanoseconds, at now: WallTime) -> Bool {
        let count = keys.count
        let age = lifetimeMax.millisecondsRoundedUp
        keys.removeAll { key in key.retired.map { $0.milliseconds + age < now.milliseconds } ?? false }
        return keys.count != count
    }

    /// Whether it is time for the next key: the current one has signed long enough, and the next one has been
    /// published long enough.
    package func isDue(after age: Nanoseconds, publishedFor overlap: Nanoseconds, at now: WallTime) -> Bool {
        guard let activated = current?.activated, let published = next?.published else { return false }
        return activated.milliseconds + age.millisecondsRoundedUp <= now.milliseconds
            && published.milliseconds + overlap.millisecondsRoundedUp <= now.milliseconds
    }

    /// What verifiers fetch: the public halves of all keys, as a JSON Web Key Set (RFC 7517 §5).
    package var keySet: String { "{\"keys\":[\(keys.map(\.document.json).joined(separator: ","))]}" }
}
