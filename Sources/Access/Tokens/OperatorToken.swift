/// The text of an API token, `hg_op_…`: what automation sends and nobody stores.
///
/// Descriptions and mirrors of it show the prefix only, like those of all that holds a `SecretText`.
package struct OperatorToken: Hashable, Sendable {
    private let secret: SecretText

    /// Draws a token.
    ///
    /// - Parameter generator: the source of its 160 bits; outside of tests only `SystemRandomNumberGenerator` will do.
    package init(using generator: inout some RandomNumberGenerator) { secret = SecretText(.token, using: &generator) }

    /// Takes what a caller sent; `nil` if it has not the shape and the checksum of a token.
    package init?(_ text: String) {
        guard let secret = SecretText(.token, text) else { return nil }
        self.secret = secret
    }

    /// The 45 characters, to be shown once, to the person who asked for the token.
    package var text: String { secret.text }
    /// What is stored, and what a token is found by.
    package var hash: SecretHash { secret.hash }
}
