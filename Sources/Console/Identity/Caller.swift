internal import Access

/// Who makes a call, and by what.
struct Caller: Sendable {
    /// The person, and what they may do now.
    let authority: Authority
    /// The session, where it is one and no token.
    let session: Session?
    /// The session's token.
    let sessionToken: SessionToken?
    /// Whether a browser has sent it by itself, as it would for a page of somebody else.
    let isByCookie: Bool

    /// Whether the session is there only to set a password and a phone.
    var isEnrolling: Bool { session?.signedIn.isForEnrolment ?? false }
}
