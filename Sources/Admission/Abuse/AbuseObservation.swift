package import Policy
package import Vocabulary

/// What the rules against abuse see of one request that was decided: integers only.
package struct AbuseObservation: Sendable {
    /// The keyed hashes of those whom the request belongs to, by kind; 0: nobody, or not asked for.
    package var subjects = InlineArray<4, UInt128>(repeating: 0)
    /// The class, an index of the policy.
    package var trafficClass = 0
    /// The region, a number below 64; -1: none, or one that has no number.
    package var region = -1
    /// The keyed hash of a credential that nobody knows; 0: there is none.
    package var unknownCredential: UInt64 = 0
    /// Whether the request was refused because of what its caller did or is.
    package var isRefused = false
    /// When the caller was told to come back; negative: it was not.
    package var retryAfter = Nanoseconds(-1)

    /// A request of nobody.
    package init() {}

    /// The keyed hash of the subject of a kind.
    package subscript(kind: AbuseRule.SubjectKind) -> UInt128 {
        get { subjects[Int(kind.rawValue)] }
        set { subjects[Int(kind.rawValue)] = newValue }
    }
}

/// How the API behind answered a request that was let through, as the proxy reports it.
package enum UpstreamOutcome: Hashable, Sendable {
    /// Answered with 100 to 399.
    case answered
    /// Answered with 400 to 499, but for 429: the request was at fault.
    case faulted
    /// Answered with 429 or 500 and above, or not at all: the API was at fault, and no caller is blamed for that.
    case failed

    /// Judges a status.
    package init(status: Int) {
        self =
            switch status {
            case 429, 500...: .failed
            case 400..<500: .faulted
            default: .answered
            }
    }
}
