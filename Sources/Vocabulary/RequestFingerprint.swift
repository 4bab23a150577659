/// What a request asks for, in short: two requests with one fingerprint are the same request.
///
/// Keyed hashes of 128 bits: whoever does not know the secret cannot make another request with the same fingerprint.
package struct RequestFingerprint: Hashable, Sendable, BitwiseCopyable {
    /// The hash of method and target.
    package var target: UInt128
    /// The hash of the body; `nil` while it is not known, because the body has not passed yet.
    package var body: UInt128?

    /// States a fingerprint.
    package init(target: UInt128, body: UInt128? = nil) {
        self.target = target
        self.body = body
    }

    /// Hashes method and target.
    package init(_ hash: KeyedHash, method: Span<UInt8>, target: Span<UInt8>, body: UInt128? = nil) {
        var stream = hash.stream()
        stream.append(counted: method)
        stream.append(counted: target)
        self.init(target: stream.finish(), body: body)
    }

    /// Whether what is known of both is the same.
    package func agrees(with other: RequestFingerprint) -> Bool {
        guard target == other.target else { return false }
        guard let body, let theirs = other.body else { return true }
        return body == theirs
    }
}
