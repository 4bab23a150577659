internal import Admission
package import NIOCore
internal import Synchronization
package import Vocabulary

/// A request that runs under an idempotency key: ended exactly once, by `complete` or `abandon`.
///
/// One that is let go of without either counts as abandoned, so that a mistake elsewhere cannot block a key for ever.
///
/// Of operations marked `idempotent: required` both ends are on disk before anything follows from them: the beginning
/// before the API gets the request (`whenBegun`), the answer before the client gets it (`complete`).
package final class IdempotentRun: Sendable {
    /// Under what the key is remembered.
    let name: IdempotencyName
    /// What is asked for.
    let fingerprint: RequestFingerprint
    /// The decision that lets it run.
    let decision: DecisionID
    /// Whether it is kept on disk.
    package let isKept: Bool
    /// Whether this or an earlier run of the same request was charged.
    let wasCharged: Bool
    private let ticket: IdempotencyTable.Ticket
    private let store: IdempotencyStore
    private let state = Mutex(State())

    fileprivate struct State {
        var isEnded = false
        var hasBegun = false
        var waits: [DiskWait] = []
    }

    /// Begins a run that the table has let begin.
    init(
        _ request: IdempotencyTable.Request, ticket: IdempotencyTable.Ticket, wasCharged: Bool, store: IdempotencyStore
    ) {
        name = request.name
        fingerprint = request.fingerprint
        decision = request.decision
        isKept = request.isKept && store.isDurable
        self.wasCharged = wasCharged
        self.ticket = ticket
        self.store = store
    }

    deinit {
        if state.withLock({ $0.end() }) { store.abandon(ticket, of: name, isKept: isKept, wasCharged: wasCharged) }
    }

    /// Has the beginning written to disk, where it is to be kept.
    func begin() {
        guard isKept else { return state.withLock { $0.hasBegun = true } }
        store.keepBeginning(of: self) { [self] in
            let waits = state.withLock { state in
                state.hasBegun = true
                defer { state.waits = [] }
                return state.waits
            }
            for wait in waits { wait.arrive() }
        }
    }

    /// Calls back once the request may go to the API: at once, before this returns, unless its beginning is still on
    /// its way to the disk.
    ///
    /// Waiting for a seat or for the head of the upstream's connection meanwhile costs nothing: the write has begun
    /// with the decision.
    ///
    /// - Precondition: called on the event loop that is named.
    package func whenBegun(on eventLoop: any EventLoop, _ proceed: @escaping @Sendable () -> Void) {
        guard !state.withLock({ $0.hasBegun }) else { return proceed() }
        let wait = DiskWait(on: eventLoop, then: proceed)
        let hasBegun = state.withLock { state in
            if !state.hasBegun { state.waits.append(wait) }
            return state.hasBegun
        }
        if hasBegun { wait.arrive() }
    }

    /// Ends the run with an answer, which repeats get from now on if the policy stores such answers.
    ///
    /// Otherwise this is `abandon`.
    ///
    /// - Parameters:
    ///   - answer: the answer; its body is `nil` if it turned out too large (`IdempotencyStore.bodyBytesMax`).
    ///   - body: the hash of the request's body.
    ///   - eventLoop: where to call back.
    ///   - proceed: called when the client may get the answer: at once, unless it is on its way to the disk.
    /// - Precondition: called on that loop.
    package func complete(
        _ answer: StoredAnswer, body: UInt128?, on eventLoop: any EventLoop,
        then proceed: @escaping @Sendable () -> Void
    ) {
        guard store.stores(status: answer.status) else {
            abandon()
            return proceed()
        }
        guard state.withLock({ $0.end() }) else { return proceed() }
        guard isKept else {
            store.complete(ticket, of: self, answer, body: body)
            return proceed()
        }
        let wait = DiskWait(on: eventLoop, then: proceed)
        store.keepAnswer(answer, body: body, of: self) { [store, ticket, self] in
            // Repeats see the answer when the client may, and not before: it could be lost until then.
            store.complete(ticket, of: self, answer, body: body)
            wait.arrive()
        }
    }

    /// Ends the run as if it had never been: it was not charged after all.
    package func release() {
        guard state.withLock({ $0.end() }) else { return }
        store.abandon(ticket, of: name, isKept: isKept, wasCharged: false)
    }

    /// Ends the run without an answer to keep: the upstream failed, or Headgate refused after all.
    ///
    /// The request may run again; it is not charged again if it was.
    package func abandon() {
        guard state.withLock({ $0.end() }) else { return }
        store.abandon(ticket, of: name, isKept: isKept, wasCharged: wasCharged)
    }
}

extension IdempotentRun.State {
    /// Ends the run.
    ///
    /// - Returns: `false` if it has ended before.
    fileprivate mutating func end() -> Bool {
        defer { isEnded = true }
        return !isEnded
    }
}
