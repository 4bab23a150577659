internal import Crypto
internal import JWTKit

/// A public key as a JSON Web Key has it (RFC 7517, RFC 7518 §6, RFC 8037 §2), its parts in base64url.
struct PublicKeyDocument: Hashable, Sendable {
    /// Which key of its issuer it is.
    let keyID: String
    /// The one algorithm that it is used with.
    let algorithm: String
    /// Its parts.
    let parts: Parts

    /// The kinds of keys.
    enum Parts: Hashable, Sendable {
        /// A point on a curve.
        case curve(name: String, x: String, y: String)
        /// Ed25519.
        case edwards(x: String)
        /// A modulus and an exponent.
        case rsa(n: String, e: String)
    }

    /// The key for verifying, of which JWTKit knows the mathematics.
    ///
    /// JWTKit gives it out of an actor, so this waits; what it gives is then used without.
    func verificationKey() async throws -> VerificationKey {
        let algorithm = JWK.Algorithm(rawValue: algorithm)
        let kid = JWKIdentifier(string: keyID)
        let jwk: JWK =
            switch parts {
            case .curve(let name, let x, let y):
                .ecdsa(algorithm, identifier: kid, x: x, y: y, curve: ECDSACurve(rawValue: name))
            case .edwards(let x): .octetKeyPair(algorithm, identifier: kid, x: x, y: nil, curve: .ed25519)
            case .rsa(let n, let e): .rsa(algorithm, identifier: kid, modulus: n, exponent: e)
            }
        let collection = try await JWTKeyCollection().add(jwk: jwk)
        let key = try await collection.getKey(for: kid, alg: self.algorithm)
        return VerificationKey(keyID: keyID, algorithm: self.algorithm, verifier: key)
    }

    /// The members that make the key what it is, in the order of their names: what its thumbprint is taken of
    /// (RFC 7638 §3.2).
    private var essence: String { PublicKeyDocument.essence(of: parts) }

    /// The name of a key that follows from the key: its thumbprint.
    static func thumbprint(of parts: Parts) -> String {
        Base64URL.text(SHA256.hash(data: Array("{\(essence(of: parts))}".utf8)))
    }

    private static func essence(of parts: Parts) -> String {
        switch parts {
        case .curve(let name, let x, let y): #""crv":"\#(name)","kty":"EC","x":"\#(x)","y":"\#(y)""#
        case .edwards(let x): #""crv":"Ed25519","kty":"OKP","x":"\#(x)""#
        case .rsa(let n, let e): #""e":"\#(e)","kty":"RSA","n":"\#(n)""#
        }
    }

    /// The key as JSON, in which nothing needs escaping: names of our keys are base64url too.
    var json: String { #"{\#(essence),"use":"sig","alg":"\#(algorithm)","kid":"\#(keyID)"}"# }
}
