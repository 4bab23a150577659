package import Vocabulary

/// Why a token is not accepted.
///
/// Callers hear only that it is not known or no longer good; this tells tests and whoever reads the code which of the
/// rules of RFC 8725 and RFC 9068 §4 it was.
package enum TokenFault: String, Error, Hashable, Sendable {
    /// It is longer than any token that this server reads.
    case tooLong
    /// It is no token in compact form, or a part of it is not base64url or not JSON.
    case malformed
    /// Its header says `crit`, or another type than access tokens have.
    case wrongType
    /// Nobody is known here by its `iss`.
    case wrongIssuer
    /// Its issuer has no key by its `kid`, or it has none.
    case unknownKey
    /// Its header names another algorithm than that of its key.
    case wrongAlgorithm
    /// Its signature was not made by its key.
    case badSignature
    /// It is for somebody else.
    case wrongAudience
    /// A claim is missing, or cannot be read.
    case missingClaim
    /// It says that it was issued in the future, or holds from a later moment on.
    case notYetValid
    /// It holds for longer than a token may.
    case livesTooLong
    /// It names a tenant that its issuer may not speak for.
    case foreignTenant
    /// Its principal, or the key it was issued for, is not in the directory.
    case unknownSubject
    /// Its time is over.
    case expired
    /// Somebody withdrew it, or all tokens of its principal, tenant or time.
    case revoked
    /// It was issued under a policy that is too old.
    case oldPolicy

    /// The reason that a refused request is told.
    package var reason: Reason {
        switch self {
        case .expired, .revoked, .oldPolicy: .credentialRevoked
        default: .unknownCredential
        }
    }
}
