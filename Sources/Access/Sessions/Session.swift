package import Vocabulary

/// A session that somebody has: everything but its token.
package struct Session: Hashable, Sendable {
    /// Names the session in lists: twelve characters that follow from its hash.
    package let id: String
    /// Who, how and when.
    package let signedIn: SignedIn
    /// Where from, as the listener knows it.
    package let address: String
    /// When it was last used.
    package internal(set) var lastUsedAt: WallTime

    /// Begins a session.
    init(id: String, signedIn: SignedIn, address: String) {
        self.id = id
        self.signedIn = signedIn
        self.address = address
        lastUsedAt = signedIn.at
    }

    /// Whether it goes on at a moment.
    ///
    /// A clock that stands before the session's beginning ends it: by such a clock it would never end.
    func isAlive(at now: WallTime, limits: SessionLimits) -> Bool {
        let length = signedIn.isForEnrolment ? limits.enrolmentMilliseconds : limits.absoluteMilliseconds
        return now >= signedIn.at && now.milliseconds - lastUsedAt.milliseconds < limits.idleMilliseconds
            && now.milliseconds - signedIn.at.milliseconds < length
    }
}

/// How long sessions last, and how many there are.
package struct SessionLimits: Sendable {
    /// How long a session lasts without being used.
    package var idleMilliseconds: Int64 = 30 * 60_000
    /// How long it lasts in all: a working day; whoever works longer signs in again.
    package var absoluteMilliseconds: Int64 = 12 * 3_600_000
    /// How long it lasts if it is there only to set a password and a phone: time enough to find the phone.
    package var enrolmentMilliseconds: Int64 = 15 * 60_000
    /// How many one operator has; one more ends the one that was used least recently.
    package var perOperatorMax = 16
    /// How many there are; beyond that nobody signs in until some end.
    package var totalMax = 10_000

    /// 30 minutes, 12 hours, 16 and 10,000: OWASP's Session Management Cheat Sheet has 15 to 30 minutes for idle
    /// sessions of much value and 4 to 8 hours for an office day.
    package init() {}
}
