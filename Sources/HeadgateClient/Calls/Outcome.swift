/// What happens to a request.
public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// It goes on.
    case admit
    /// It waited for a seat and goes on.
    case queue
    /// The caller has spent a budget of its own.
    case throttle
    /// The service lacks capacity for work of this tier.
    case shed
    /// The caller may not do this.
    case block
    /// The caller must first prove more about itself.
    case challenge
    /// A stored answer is to be given again.
    case replay
}

/// How admitted work has ended.
public enum WorkOutcome: String, Hashable, Sendable, CaseIterable {
    /// It did its work: how long that took says how long the next one may take.
    case completed
    /// It failed, or answered 5xx: how long that took says nothing about the next one.
    case failed
    /// It never got to work, or nobody waits for its answer any more.
    case abandoned
}

/// Who has decided.
public enum DecisionOrigin: Hashable, Sendable {
    /// The server, or the engine inside this process.
    case engine
    /// The local guard, because the server is away or did not answer in time.
    case localGuard
}
