package import Vocabulary

/// Asks an operator to confirm one action with a one-time password.
package struct StepUpChallenge: Hashable, Sendable {
    /// Names the challenge; no secret: it is worth nothing without what confirms it.
    package let id: String
    /// Until when it can be confirmed, and the action done.
    package let expiresAt: WallTime
}
