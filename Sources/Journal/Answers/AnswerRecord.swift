package import Vocabulary

/// What stands on disk of a request with an idempotency key.
package struct AnswerRecord: Hashable, Sendable {
    /// Under what the key is remembered.
    package var name: IdempotencyName
    /// Which request the key stands for.
    package var fingerprint: RequestFingerprint
    /// The decision that let it run.
    package var decision: DecisionID
    /// When it began to run, or was answered.
    package var since: WallTime
    /// Its answer; `nil` while it runs.
    package var answer: StoredAnswer?

    /// States a record.
    package init(
        name: IdempotencyName, fingerprint: RequestFingerprint, decision: DecisionID, since: WallTime,
        answer: StoredAnswer?
    ) {
        self.name = name
        self.fingerprint = fingerprint
        self.decision = decision
        self.since = since
        self.answer = answer
    }
}
