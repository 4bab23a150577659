package import Vocabulary

/// Slows down whoever guesses, without giving them the power to lock others out.
///
/// Attempts from outside are seen by three counters:
///
/// - of the **address**: one source that tries many names;
/// - of the **name from that address**: one source that tries one name;
/// - of the **name** from everywhere: many sources that try one name.
///
/// Each of them can be driven up by somebody else: by whoever is behind the same proxy, or has many addresses. So none
/// counts for a **device** on which the operator has signed in before: that has a counter of its own, which only who
/// has the device can touch. Without a known device, an address from which the operator has signed in is spared the
/// first and the third; and a name waits a minute at most, wherever it is tried.
///
/// What is confirmed within a session has a counter of that **session**.
///
/// An attempt counts as failed from the moment it is let in; success takes that back. Else a thousand attempts at once
/// would all be let in before the first has failed. An attempt that has to wait counts nowhere, so that waiting ends.
package struct SignInThrottle: Sendable {
    private struct Source: Hashable, Sendable {
        var name: OperatorName
        var place: String
    }

    /// Which counter speaks for an attempt.
    private enum Lane {
        case stranger(address: String, isFamiliar: Bool)
        case own(Source)
    }

    private var byAddress = BackoffTable<String>(
        rule: Backoff.Rule(freeCount: 20, waitMaxMilliseconds: 5 * 60_000), countMax: countMax)
    private var bySource = BackoffTable<Source>(
        rule: Backoff.Rule(freeCount: 3, waitMaxMilliseconds: 60_000), countMax: countMax)
    private var byName = BackoffTable<OperatorName>(
        rule: Backoff.Rule(freeCount: 20, waitMaxMilliseconds: 30_000), countMax: countMax)
    /// Of known devices and of sessions.
    private var byOwn = BackoffTable<Source>(
        rule: Backoff.Rule(freeCount: 5, waitMaxMilliseconds: 5 * 60_000), countMax: countMax)
    /// The last addresses from which an operator has signed in, the newest last.
    private var familiar: [OperatorName: [String]] = [:]
    /// The last devices on which an operator has signed in, the newest last.
    private var devices: [OperatorName: [SecretHash]] = [:]

    /// The most counters of each kind; all together about 12 MiB.
    static let countMax = 20_000
    /// The most addresses, and the most devices, that are remembered for one operator.
    static let familiarMax = 8

    /// Begins without a failure.
    package init() {}

    /// What becomes of an attempt.
    package enum Answer: Hashable, Sendable {
        /// It may be judged; it has been counted.
        case proceed
        /// It may not be judged yet; it has not been counted.
        case wait(milliseconds: Int64)
    }

    /// Asks before an attempt to sign in, or to confirm something, is judged.
    ///
    /// The name is `nil` if what was given cannot be one.
    ///
    /// - Complexity: O(1), amortised.
    package mutating func attempt(by name: OperatorName?, from origin: SignInOrigin, at now: WallTime) -> Answer {
        var wait: Int64 = 0
        let lane = lane(of: name, origin)
        switch lane {
        case .own(let source): wait = byOwn.wait(for: source, at: now)
        case .stranger(let address, let isFamiliar):
            if !isFamiliar { wait = byAddress.wait(for: address, at: now) }
            if let name {
                wait = max(wait, bySource.wait(for: Source(name: name, place: address), at: now))
                if !isFamiliar { wait = max(wait, byName.wait(for: name, at: now)) }
            }
        }
        guard wait == 0 else { return .wait(milliseconds: wait) }
        switch lane {
        case .own(let source): byOwn.count(source, at: now)
        case .stranger(let address, _):
            byAddress.count(address, at: now)
            if let name {
                bySource.count(Source(name: name, place: address), at: now)
                byName.count(name, at: now)
            }
        }
        return .proceed
    }

    /// Takes note that an attempt that was let in has succeeded.
    ///
    /// The counters of the name begin anew. That of the address only takes the attempt back: else somebody with an
    /// account of their own could sign in between guesses at those of others.
    package mutating func succeeded(by name: OperatorName, from origin: SignInOrigin) {
        switch lane(of: name, origin) {
        case .own(let source): byOwn.clear(source)
        case .stranger(let address, _):
            byAddress.uncount(address)
            bySource.clear(Source(name: name, place: address))
            byName.clear(name)
        }
        guard case .outside(let address, _) = origin else { return }
        familiar[name] = SignInThrottle.adding(address, to: familiar[name] ?? [])
    }

    /// Remembers a device on which an operator has signed in.
    package mutating func remember(_ device: DeviceToken, of name: OperatorName) {
        devices[name] = SignInThrottle.adding(device.hash, to: devices[name] ?? [])
    }

    /// Forgets the devices and addresses of an operator whose credentials are somebody else's now.
    package mutating func forget(_ name: OperatorName) {
        devices[name] = nil
        familiar[name] = nil
    }

    /// Takes note that an attempt that was let in was not judged, because the server was too busy.
    package mutating func abandoned(by name: OperatorName?, from origin: SignInOrigin) {
        switch lane(of: name, origin) {
        case .own(let source): byOwn.uncount(source)
        case .stranger(let address, _):
            byAddress.uncount(address)
            guard let name else { return }
            bySource.uncount(Source(name: name, place: address))
            byName.uncount(name)
        }
    }

    /// Whether an attempt comes from where nobody but the operator is likely to be.
    package func isKnown(_ name: OperatorName?, from origin: SignInOrigin) -> Bool {
        switch lane(of: name, origin) {
        case .own: true
        case .stranger(_, let isFamiliar): isFamiliar
        }
    }

    private func lane(of name: OperatorName?, _ origin: SignInOrigin) -> Lane {
        switch origin {
        case .session(let id):
            guard let name else { return .stranger(address: id, isFamiliar: false) }
            return .own(Source(name: name, place: id))
        case .outside(let address, let device):
            guard let name else { return .stranger(address: address, isFamiliar: false) }
            if let hash = device?.hash, devices[name]?.contains(hash) == true {
                return .own(Source(name: name, place: hash.name))
            }
            return .stranger(address: address, isFamiliar: familiar[name]?.contains(address) == true)
        }
    }

    private static func adding<Place: Equatable>(_ place: Place, to places: [Place]) -> [Place] {
        places.filter { $0 != place }.suffix(familiarMax - 1) + [place]
    }
}
