/// The text by which a repeated request shows that its operator has confirmed it, `hg_proof_…`.
///
/// Descriptions and mirrors of it show the prefix only.
package struct StepUpProof: Hashable, Sendable {
    private let secret: SecretText

    /// Draws a proof.
    init(using generator: inout some RandomNumberGenerator) { secret = SecretText(.proof, using: &generator) }

    /// Takes what a caller sent; `nil` if it has not the shape and the checksum of a proof.
    package init?(_ text: String) {
        guard let secret = SecretText(.proof, text) else { return nil }
        self.secret = secret
    }

    /// The 48 characters, to be sent once.
    package var text: String { secret.text }
    /// What is kept of it.
    var hash: SecretHash { secret.hash }
}
