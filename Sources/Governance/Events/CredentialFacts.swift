package import Access
package import Vocabulary

/// That what an operator signs in with was changed, and never what it is.
package struct CredentialFacts: Codable, Hashable, Sendable {
    /// What was changed.
    package var what: Change
    /// Under which mark the secrets are kept that count from now on; `nil`: none do.
    package var mark: String?
    /// The hash of the text by which the operator can sign in to set them.
    package var enrolment: String?
    /// The first moment at which that text is no longer accepted.
    package var expires: EventTime?
    /// The step of the one-time code that was used for it (RFC 6238).
    package var step: Int64?

    /// What can be changed; the raw values are API.
    package enum Change: String, Codable, CaseIterable, Sendable {
        /// All of it is void: somebody else has reset it, or lets the operator in for the first time.
        case reset
        /// The operator has set a password and a phone, after that.
        case enrolled
        /// The operator has another password.
        case password
        /// The operator has another phone, and other recovery codes.
        case phone
        /// The operator has other recovery codes.
        case recovery

        /// Whether the operators do it themselves.
        package var isOwn: Bool { self != .reset }
        /// Whether there is another phone than before.
        var isPhoneNew: Bool { self == .enrolled || self == .phone }
    }

    /// States a change.
    package init(what: Change, mark: String? = nil, step: Int64? = nil) {
        self.what = what
        self.mark = mark
        self.step = step
    }

    /// States that an operator is let in by a secret, for as long as one is good.
    package init(resetBy secret: EnrolmentSecret, at now: WallTime) {
        what = .reset
        enrolment = secret.hash.description
        expires = EventTime(WallTime(milliseconds: now.milliseconds + EnrolmentSecret.lifetimeMilliseconds))
    }
}

/// That somebody stands for it that an operator is who has set what they sign in with.
package struct VouchFacts: Codable, Hashable, Sendable {
    /// The generation of the credentials that it is about; a later one is vouched for by nobody yet.
    package var generation: Int64
    /// How it was made sure.
    package var reason: String

    /// States it.
    package init(generation: Int64, reason: String) {
        self.generation = generation
        self.reason = reason
    }
}
