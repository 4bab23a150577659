/// What one check call, or one batch of them, may hold at most.
package struct CheckCallLimits: Hashable, Sendable {
    /// Calls in one batch.
    ///
    /// At some ten microseconds each, a thousand keep a loop busy for ten milliseconds.
    package var batchCountMax = 1_000
    /// Attributes of one call; policies look at a handful.
    package var attributesMax = 32
    /// Bytes of a name, a class, a region, a key for repeats, an attribute's name; the longest of these that we know,
    /// an idempotency key, is a UUID of 36.
    package var nameBytesMax = 256
    /// Bytes of a credential; JSON Web Tokens have one or two thousand.
    package var credentialBytesMax = 8_192
    /// Bytes of a path: what fits into a request line.
    package var pathBytesMax = 8_192
    /// Bytes of an attribute's value.
    package var attributeBytesMax = 1_024

    /// Milliseconds for which an answer may be held: proxies before us rarely wait for longer than a minute.
    package var maxWaitRange: ClosedRange<Int64> = 0...60_000
    /// Milliseconds that a lease lasts: less than a second is renewed all the time, and after an hour nobody remembers.
    package var leaseRange: ClosedRange<Int64> = 1_000...3_600_000

    /// States the defaults.
    package init() {}

    /// Bytes of the text of a member at most.
    func bytesMax(of member: CheckCall.Member) -> Int {
        switch member {
        case .credential: credentialBytesMax
        case .path: pathBytesMax
        default: nameBytesMax
        }
    }
}
