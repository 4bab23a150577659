package import Vocabulary

/// What a directory makes of a credential.
package enum CredentialMatch: Hashable, Sendable {
    /// The directory has the key. `principal` and `key` are indices into the snapshot; only an `active` one is
    /// accepted.
    case known(principal: Int, key: Int, status: APIKey.Status)
    /// The directory has no such key.
    case unknown

    /// Why the caller is turned away, if it is.
    package var refusal: Reason? {
        switch self {
        case .known(_, _, .active): nil
        case .known(_, _, .expired), .known(_, _, .revoked): .credentialRevoked
        case .unknown: .unknownCredential
        }
    }
}
