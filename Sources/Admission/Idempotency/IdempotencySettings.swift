package import Policy
package import Vocabulary

/// How long and how much is remembered of idempotency keys.
package struct IdempotencySettings: Hashable, Sendable {
    /// How long after its answer a key is remembered.
    package var window: Nanoseconds
    /// Keys of one tenant.
    package var entriesPerTenantMax: Int
    /// Bytes of one tenant's answers, `IdempotencyTable.entryBytes` for each key included.
    package var bytesPerTenantMax: Int
    /// Keys in all.
    package var entriesMax: Int
    /// Bytes of all answers, likewise.
    package var bytesMax: Int
    /// Bytes of the body of an answer that is kept.
    package var bodyBytesMax: Int
    /// Whether a repeat that comes while the first request is running waits for its answer.
    package var joins: Bool
    /// Requests that wait for the answer of one.
    ///
    /// A client that sends a request more often at once than this has lost count.
    package var waitersMax = 16
    /// Repeats of one key that are not charged.
    package var freeRepeatsMax: Int
    /// Whether a request that was interrupted by the end of the process may run again.
    package var rerunsInterrupted: Bool

    /// The settings that a policy states, within the memory that the server has for it.
    ///
    /// A quarter of a million keys take 80 MiB of the 256 MiB; the rest is for answers.
    package init(_ treatment: RepeatTreatment, entriesMax: Int = 1 << 18, bytesMax: Int = 256 << 20) {
        window = treatment.window
        entriesPerTenantMax = Int(treatment.entriesPerTenantMax)
        bytesPerTenantMax = Int(treatment.bytesPerTenantMax)
        self.entriesMax = entriesMax
        self.bytesMax = bytesMax
        bodyBytesMax = Int(treatment.bodyBytesMax)
        joins = treatment.concurrent == .join
        freeRepeatsMax = Int(treatment.freeRepeatsMax)
        rerunsInterrupted = treatment.interrupted == .run
    }
}
