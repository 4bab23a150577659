internal import Vocabulary

/// What an idempotency key has led to.
///
/// Behind one reference in a decision, because few decisions have any of it.
final class Repetition {
    /// What is to be done with the request.
    let course: Course
    /// The decision that let the first request run; `nil`: this is it.
    let first: DecisionID?
    /// What the caller is told beyond the reason, where the key is the problem.
    let detail: String?

    /// What is to be done.
    enum Course {
        /// It runs, and the run must be ended.
        case run(IdempotentRun)
        /// It waits for the first one's answer.
        case wait(IdempotentWait)
        /// It gets this answer, if its body is the first one's: compare with `bodyOfFirst`.
        case answer(StoredAnswer, bodyOfFirst: UInt128?)
        /// It is refused, or goes on as if it had no key.
        case nothing
    }

    /// States what follows.
    init(_ course: Course, first: DecisionID? = nil, detail: String? = nil) {
        self.course = course
        self.first = first
        self.detail = detail
    }
}
