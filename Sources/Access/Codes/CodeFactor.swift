package import Vocabulary

/// An operator's one-time passwords (RFC 6238): the secret, and the last step whose code was accepted.
///
/// No code is accepted twice, and none that is older than one that was: what an eavesdropper has seen is worth nothing
/// (RFC 6238 §5.2). So an acceptance changes the value, and counts only once the changed value is stored. Two requests
/// with the same code both find it good; of the two changes the store takes one, by the version that it expects.
package struct CodeFactor: Hashable, Sendable {
    /// What the app shares.
    package let secret: CodeSecret
    /// The last step whose code was accepted; `nil`: none yet.
    package private(set) var lastStep: Int64?

    /// Restores a stored value, or begins with a new secret.
    package init(secret: CodeSecret, lastStep: Int64? = nil) {
        self.secret = secret
        self.lastStep = lastStep
    }

    /// Accepts the code of this step, the one before or the one behind, as RFC 6238 §6 suggests for clocks that differ,
    /// if it is later than the last one.
    ///
    /// All three codes are made and compared, whichever is right. Spaces are skipped: apps show `123 456`.
    ///
    /// - Returns: whether it was accepted; then `lastStep` has changed.
    /// - Complexity: O(1); a text that cannot be a code costs nothing.
    package mutating func accept(_ text: String, at now: WallTime) -> Bool {
        guard text.utf8.count <= 2 * OneTimeCode.digitCount else { return false }
        let digits = text.utf8.filter { $0 != UInt8(ascii: " ") }
        guard digits.count == OneTimeCode.digitCount else { return false }
        let current = OneTimeCode.step(at: now)
        var accepted: Int64?
        for step in [current - 1, current, current + 1] where step >= 0 {
            let code = OneTimeCode.code(secret: secret.bytes, counter: UInt64(step))
            let isRight = ConstantTime.areEqual(Array(code.utf8), digits)
            if isRight, lastStep.map({ step > $0 }) ?? true { accepted = accepted ?? step }
        }
        guard let accepted else { return false }
        lastStep = accepted
        return true
    }
}
