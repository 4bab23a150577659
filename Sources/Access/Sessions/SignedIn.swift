package import Vocabulary

/// Somebody who has shown who they are: what a session begins with.
///
/// The seam for sign-in from outside. `SignIn` makes one from a password and a code; who verifies an identity
/// elsewhere (OpenID Connect, a client certificate) makes one with the method `outside`, and everything behind is the
/// same: sessions, roles, step-up.
package struct SignedIn: Hashable, Sendable {
    /// Who.
    package let name: OperatorName
    /// The generation of what they have signed in with.
    package let generation: CredentialGeneration
    /// How they have shown it.
    package let method: Method
    /// When.
    package let at: WallTime

    /// How somebody shows who they are.
    package enum Method: Hashable, Sendable {
        /// A secret that somebody else was given for them, or a password where nothing more is set up: good for setting
        /// a password and a phone of one's own, and for nothing else.
        case enrolment
        /// A password and a one-time password.
        case passwordAndCode
        /// A password and a recovery code.
        case passwordAndRecoveryCode
        /// An identity that an outside issuer vouches for, and that an operator is bound to by issuer and subject.
        case outside(OutsideIdentity)
    }

    /// States that somebody has been verified; only who has done it may.
    package init(_ name: OperatorName, generation: CredentialGeneration, method: Method, at: WallTime) {
        self.name = name
        self.generation = generation
        self.method = method
        self.at = at
    }

    /// Whether the session is there only to set a password and a phone.
    package var isForEnrolment: Bool { method == .enrolment }
}

/// Who somebody is elsewhere, verified.
///
/// An operator is found by issuer and subject together. Not by a mail address: addresses are given to other people.
package struct OutsideIdentity: Hashable, Sendable {
    /// Who vouches: `iss` of an OpenID Connect ID token.
    package let issuer: String
    /// Who it is there: `sub`, which the issuer never gives to somebody else.
    package let subject: String

    /// Joins issuer and subject.
    package init(issuer: String, subject: String) {
        self.issuer = issuer
        self.subject = subject
    }
}
