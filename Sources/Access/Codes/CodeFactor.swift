package import Vocabulary

/// An operator's one-time passwords (RFC 6238): the secret, and the steps whose codes were accepted.
///
/// No code is accepted twice: what an eavesdropper has seen is worth nothing (RFC 6238 §5.2). So an acceptance changes
/// the value, and counts only once the changed value is stored. Two requests with the same code both find it good; of
/// the two changes the store takes one, by the version that it expects.
package struct CodeFactor: Hashable, Sendable {
    /// What the app shares.
    package let secret: CodeSecret
    /// The steps whose codes were accepted.
    package private(set) var used: UsedSteps
    /// The step whose code this value has accepted; `nil`: it has accepted none since it was restored.
    package private(set) var acceptedStep: Int64?

    /// Restores a stored value, or begins with a new secret.
    package init(secret: CodeSecret, used: UsedSteps = UsedSteps()) {
        self.secret = secret
        self.used = used
    }

    /// Accepts the code of this step, the one before or the one behind, as RFC 6238 §6 suggests for clocks that differ,
    /// if it was not accepted before.
    ///
    /// All three codes are made and compared, whichever is right. Spaces are skipped: apps show `123 456`.
    ///
    /// - Returns: whether it was accepted; then `used` and `acceptedStep` have changed.
    /// - Complexity: O(n) in the steps that are remembered; a text that cannot be a code costs nothing.
    package mutating func accept(_ text: String, at now: WallTime) -> Bool {
        guard text.utf8.count <= 2 * OneTimeCode.digitCount else { return false }
        let digits = text.utf8.filter { $0 != UInt8(ascii: " ") }
        guard digits.count == OneTimeCode.digitCount else { return false }
        let current = OneTimeCode.step(at: now)
        var accepted: Int64?
        for step in [current - 1, current, current + 1] where step >= 0 {
            let code = OneTimeCode.code(secret: secret.bytes, counter: UInt64(step))
            let isRight = ConstantTime.areEqual(Array(code.utf8), digits)
            if isRight, !used.contains(step) { accepted = accepted ?? step }
        }
        guard let accepted else { return false }
        used.insert(accepted)
        acceptedStep = accepted
        return true
    }
}
