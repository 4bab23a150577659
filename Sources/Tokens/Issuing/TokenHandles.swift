internal import Synchronization
package import Vocabulary

/// The handles that are out: random texts, and what each stands for.
///
/// Kept in this process alone, so a restart makes them void and other processes do not know them; they last minutes.
/// A handle itself is not kept: 128 bits of a hash under a key of this table stand for it.
package final class TokenHandles: Sendable {
    private let hash = KeyedHash(key: (.random(in: .min ... .max), .random(in: .min ... .max)))
    private let state: Mutex<State>
    private let countMax: Int

    private struct State {
        var grants: [UInt128: TokenGrant] = [:]
        /// When the oldest handle may be over: nothing is swept before.
        var nextSweep = WallTime(milliseconds: 0)
    }

    /// What a handle begins with: for people, log scanners and this server to know it by.
    static let prefix = "hg_handle_"
    /// Characters of a handle: the prefix and 256 random bits in base64url.
    static let length = 53

    /// An empty table.
    ///
    /// - Parameter countMax: the most handles at a time; a hundred thousand take some 50 MB.
    package init(countMax: Int = 100_000) {
        self.countMax = countMax
        state = Mutex(State())
    }

    /// Makes a handle for a grant; `nil` if there is no room.
    func add(_ grant: TokenGrant, at now: WallTime) -> String? {
        var generator = SystemRandomNumberGenerator()
        let bits = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let handle = TokenHandles.prefix + Base64URL.text(bits)
        let key = hash(handle)
        let isKept = state.withLock { state in
            if state.grants.count >= countMax, state.nextSweep <= now { TokenHandles.sweep(&state, at: now) }
            guard state.grants.count < countMax else { return false }
            state.grants[key] = grant
            return true
        }
        return isKept ? handle : nil
    }

    /// What a handle stands for.
    ///
    /// - Complexity: O(1).
    func grant(for handle: Span<UInt8>) -> TokenGrant? {
        guard TokenHandles.isWellFormed(handle) else { return nil }
        let key = hash(handle)
        return state.withLock { $0.grants[key] }
    }

    /// Whether a text has the shape of a handle.
    static func isWellFormed(_ text: Span<UInt8>) -> Bool {
        guard text.count == length else { return false }
        var index = 0
        for byte in prefix.utf8 {
            guard text[index] == byte else { return false }
            index += 1
        }
        return true
    }

    /// Forgets what is over.
    package func sweep(at now: WallTime) { state.withLock { TokenHandles.sweep(&$0, at: now) } }

    /// How many are out.
    package var count: Int { state.withLock { $0.grants.count } }

    private static func sweep(_ state: inout State, at now: WallTime) {
        state.grants = state.grants.filter { $0.value.expires > now }
        // At most one sweep a second, however full the table is.
        state.nextSweep = WallTime(milliseconds: now.milliseconds + 1_000)
    }
}
