package import NIOCore
internal import Synchronization
package import Vocabulary

/// A request that waits for the answer that the first one under its key gets.
///
/// Its body is not read meanwhile: it may yet have to be sent on.
package final class IdempotentWait: Sendable {
    private let id: UInt64
    private let name: IdempotencyName
    private let store: IdempotencyStore
    private let state = Mutex(State())

    /// What a wait ends with.
    package enum End: Sendable {
        /// The first one's answer, for which this request's body must have the hash of the first one's; the body is
        /// `nil` where it was too large to be kept.
        case answer(StoredAnswer, bodyOfFirst: UInt128?)
        /// The first one has failed, and this one runs in its place, already charged.
        case run(IdempotentRun)
        /// The first one was refused: this one is to be decided as if it came now.
        case again
    }

    private struct State {
        var end: End?
        var eventLoop: (any EventLoop)?
        var receive: (@Sendable (End) -> Void)?
        var isCancelled = false
    }

    /// Waits under a number that the table knows.
    init(id: UInt64, of name: IdempotencyName, store: IdempotencyStore) {
        self.id = id
        self.name = name
        self.store = store
    }

    /// Calls back on the event loop, later, with what the wait ends with; once, and not at all after `cancel`.
    package func whenEnded(on eventLoop: any EventLoop, _ receive: @escaping @Sendable (End) -> Void) {
        let end = state.withLock { state -> End? in
            guard let end = state.end else {
                (state.eventLoop, state.receive) = (eventLoop, receive)
                return nil
            }
            return end
        }
        if let end { eventLoop.execute { receive(end) } }
    }

    /// Waits no longer: the client has gone, or its time is up.
    ///
    /// A run that was handed over in the same moment is abandoned.
    package func cancel() {
        let unwanted = state.withLock { state in
            state.isCancelled = true
            state.receive = nil
            defer { state.end = nil }
            return state.end
        }
        store.cancel(id, of: name)
        withExtendedLifetime(unwanted) {}  // until here, and so outside of the lock
    }

    /// Ends the wait.
    func end(with end: End) {
        let (eventLoop, receive) = state.withLock { state in
            if state.receive == nil, !state.isCancelled { state.end = end }
            defer { state.receive = nil }
            return (state.eventLoop, state.receive)
        }
        if let receive, let eventLoop { eventLoop.execute { receive(end) } }
    }
}
