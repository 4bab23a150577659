package import Governance
package import Vocabulary

/// What draws keys that sign tokens, for operators who turn them.
package protocol SigningDesk: Sendable {
    /// Draws a key and keeps its private half; it counts once the ledger has its public one.
    ///
    /// - Throws: why none can be made or kept.
    func drawKey(at now: WallTime) throws -> SigningKeyFacts
}
