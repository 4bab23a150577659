/// Something about the data folder that belongs into the server's log.
///
/// Sent on changes only, not on every attempt.
package struct JournalNotice: Hashable, Sendable {
    /// What happened; stable, for code.
    package let code: Code
    /// What happened, to which file, and what it means; for people.
    package let message: String
    /// Which file it is about.
    package var file = File.journal

    /// The files that are written.
    package enum File: String, CaseIterable, Sendable {
        /// The decisions.
        case journal
        /// What is left of quotas.
        case usage
        /// What tenants have used, day by day.
        case consumption
        /// The answers to requests with idempotency keys.
        case answers
    }

    /// What can happen.
    package enum Code: String, CaseIterable, Sendable {
        /// Writing fails; what can wait waits, attempts go on.
        case failing
        /// Writing works again.
        case recovered
        /// A file was beyond use and stands aside; a fresh one takes its place.
        case startedFresh = "started_fresh"
        /// Something could not be stored and is given up.
        case refused
    }

    /// States what happened.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The same, said of another file.
    func about(_ file: File) -> JournalNotice {
        var notice = self
        notice.file = file
        return notice
    }

    /// Says that a fresh file takes the place of one that is beyond use.
    static func startedFresh(_ file: String, after failure: StoreFailure, movedTo place: String?) -> JournalNotice {
        let fate = place.map { "it now stands at \($0)" } ?? "nothing is left of it"
        return JournalNotice(.startedFresh, "\(file) was beyond use (\(failure.message)); \(fate), a fresh one follows")
    }
}
