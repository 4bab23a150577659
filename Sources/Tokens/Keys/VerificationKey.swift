internal import JWTKit

/// A public key, ready to verify on any thread, with the one algorithm that it is used with.
///
/// The algorithm is the key's and never the token's: a token that names another is refused, which is what keeps
/// `none`, and HMAC with a public key as its secret, out (RFC 8725 §3.1).
struct VerificationKey: Sendable {
    /// Which key of its issuer it is.
    let keyID: String
    /// The name of its algorithm.
    let algorithm: String
    private let verifier: any JWTAlgorithm

    /// Joins a key and its algorithm.
    init(keyID: String, algorithm: String, verifier: any JWTAlgorithm) {
        self.keyID = keyID
        self.algorithm = algorithm
        self.verifier = verifier
    }

    /// Whether a signature was made by the key.
    func verifies(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        (try? verifier.verify(signature, signs: bytes)) ?? false
    }
}
