/// The text by which a device is known again on which an operator has signed in before, `hg_device_…`.
///
/// It opens nothing. It only says that this attempt is not one of the many that come from the same address: what others
/// do there does not count for it. Descriptions and mirrors of it show the prefix only.
package struct DeviceToken: Hashable, Sendable {
    private let secret: SecretText

    /// Draws a token.
    package init(using generator: inout some RandomNumberGenerator) { secret = SecretText(.device, using: &generator) }

    /// Takes what a caller sent; `nil` if it has not the shape and the checksum of a device's token.
    package init?(_ text: String) {
        guard let secret = SecretText(.device, text) else { return nil }
        self.secret = secret
    }

    /// The 49 characters, to be sent once.
    package var text: String { secret.text }
    /// What is kept of it.
    var hash: SecretHash { secret.hash }
}
