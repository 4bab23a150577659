extension Reason {
    /// The status with which a request is blocked for this reason.
    ///
    /// 401 asks for a better credential; 400, 409 and 422 are those of draft-ietf-httpapi-idempotency-key-header-07
    /// §2.7.
    package var blockingStatus: Int {
        switch self {
        case .unknownCredential, .credentialRevoked: 401
        case .keyMissing, .keyMalformed: 400
        case .keyInUse, .keyInterrupted, .answerNotKept: 409
        case .keyMismatch: 422
        default: 403
        }
    }
}
