internal import Crypto

/// One action of one operator, as a number: what a proof is good for, and for nothing else.
package struct ActionDigest: Hashable, Sendable {
    private let bytes: [UInt8]

    /// Digests an action: SHA-256 over its parts, each behind its length, so that no two actions run together.
    ///
    /// - Parameters:
    ///   - method: the method, as it came.
    ///   - target: the path with its query, as it came.
    ///   - body: all bytes of the body.
    ///   - name: who acts.
    package init(method: String, target: String, body: some Collection<UInt8>, by name: OperatorName) {
        var hash = SHA256()
        for part in [Array(method.utf8), Array(target.utf8), Array(body), Array(name.text.utf8)] {
            hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: part.count >> (56 - 8 * $0)) })
            hash.update(data: part)
        }
        bytes = Array(hash.finalize())
    }
}
