internal import Crypto

/// The text of a session, `hg_session_…`: what the cookie holds and nobody stores; 280 random bits.
///
/// Descriptions and mirrors of it show the prefix only.
package struct SessionToken: Hashable, Sendable {
    private let secret: SecretText

    /// Draws a token.
    ///
    /// - Parameter generator: the source of the bits; outside of tests only `SystemRandomNumberGenerator` will do.
    init(using generator: inout some RandomNumberGenerator) { secret = SecretText(.session, using: &generator) }

    /// Takes what a caller sent; `nil` if it has not the shape and the checksum of a session's token.
    package init?(_ text: String) {
        guard let secret = SecretText(.session, text) else { return nil }
        self.secret = secret
    }

    /// The 74 characters, to be sent once, to the browser that has signed in.
    package var text: String { secret.text }
    /// What is kept of it.
    var hash: SecretHash { secret.hash }

    /// What forms and scripts send beside the cookie, to show that a page of ours made the request.
    ///
    /// It follows from the token, so that nothing more has to be kept: HMAC-SHA-256 under the token, which no other
    /// site can read, of a text that is no token.
    package var csrfToken: String { BitText.base64.text(csrfBytes) }

    /// Whether a request brought the right one.
    package func isCSRFToken(_ text: String) -> Bool {
        BitText.base64.bytes(text.prefix(64)).map { ConstantTime.areEqual($0, csrfBytes) } ?? false
    }

    private var csrfBytes: [UInt8] {
        let key = SymmetricKey(data: Array(secret.text.utf8))
        return Array(HMAC<SHA256>.authenticationCode(for: Array("headgate csrf".utf8), using: key))
    }
}
