/// The algorithms that tokens of this server are signed with, by their names in JOSE (RFC 7518, RFC 8037).
///
/// RS256 is there because RFC 9068 §2.1 demands it of whoever wants to be called conformant; the other two have
/// signatures of 64 bytes, and keys that are made in microseconds.
package enum TokenAlgorithm: String, CaseIterable, Codable, Sendable {
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// Ed25519.
    case edDSA = "EdDSA"
    /// RSA of 2,048 bits with SHA-256 and the padding of PKCS #1 1.5.
    case rs256 = "RS256"
}
