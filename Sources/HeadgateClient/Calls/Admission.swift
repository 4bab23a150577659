/// A decision about one request together with the seats that it holds: finished exactly once.
///
/// The compiler sees to it: an admission cannot be copied, and each of the three ways to finish consumes it. One that
/// is dropped counts as abandoned, so a thrown error never keeps seats. While it is held, its lease is renewed in the
/// background; when this process dies, the lease runs out and the seats come back by themselves.
///
/// ```swift
/// let admission = await headgate.admit(call)
/// guard admission.decision.isAdmitted else { return refuse(admission.decision) }
/// let answer = try await work()   // throws: abandoned
/// admission.completed(status: answer.status)
/// ```
public struct Admission: ~Copyable, Sendable {
    /// What was decided; of a request that is not admitted, nothing is held.
    public let decision: Decision
    private let seats: HeldSeats?

    /// Joins a decision with what it holds; `nil`: nothing.
    package init(_ decision: Decision, holding seats: HeldSeats?) {
        self.decision = decision
        self.seats = seats
    }

    /// The work is done.
    ///
    /// - Parameter status: the status of its answer, if it had one.
    public consuming func completed(status: Int? = nil) { seats?.end(.completed, status: status) }

    /// The work has failed.
    ///
    /// - Parameter status: the status of its answer, if it had one.
    public consuming func failed(status: Int? = nil) { seats?.end(.failed, status: status) }

    /// The work was never begun, or nobody waits for it any more.
    public consuming func abandoned() { seats?.end(.abandoned, status: nil) }

    deinit { seats?.end(.abandoned, status: nil) }
}
