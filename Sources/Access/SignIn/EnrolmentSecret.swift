/// The text by which an operator signs in for the first time, or again after a reset, `hg_enrol_…`: once, within an
/// hour, and only to set a password and a phone of their own.
///
/// Whoever lets somebody in learns this and nothing that lasts. Descriptions and mirrors of it show the prefix only.
package struct EnrolmentSecret: Hashable, Sendable {
    private let secret: SecretText

    /// How long it is good for: long enough for a call or a walk, too short for a note on a screen.
    package static let lifetimeMilliseconds: Int64 = 3_600_000

    /// Draws a secret.
    ///
    /// - Parameter generator: the source of its 160 bits; outside of tests only `SystemRandomNumberGenerator` will do.
    package init(using generator: inout some RandomNumberGenerator) {
        secret = SecretText(.enrolment, using: &generator)
    }

    /// Takes what a caller sent; `nil` if it has not the shape and the checksum of such a secret.
    package init?(_ text: String) {
        guard let secret = SecretText(.enrolment, text) else { return nil }
        self.secret = secret
    }

    /// The 48 characters, to be shown once, to the person who lets somebody in.
    package var text: String { secret.text }
    /// What is kept of it.
    package var hash: SecretHash { secret.hash }
}
