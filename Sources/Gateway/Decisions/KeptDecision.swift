internal import Journal

/// A decision whose record the writing thread makes.
// SAFETY: nobody changes a decision after it has been counted and handed over: `Decider` lets go of it then, and
// whoever answers with it reads it.
struct KeptDecision: RecordPromise, @unchecked Sendable {
    private let decision: Decision
    private let method: String
    private let path: String

    /// Keeps a decision, with the method and the path of its request.
    init(_ decision: Decision, method: String, path: String) {
        self.decision = decision
        self.method = method
        self.path = path
    }

    func makeRecord() -> DecisionRecord { decision.record(method: method, path: path) }
}
