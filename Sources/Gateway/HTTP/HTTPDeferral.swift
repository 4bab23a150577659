package import NIOCore

/// An answer that comes later: for requests that wait, for a seat or for news.
///
/// A responder makes one, keeps it, and returns it as `HTTPAnswer.deferred`. The connection reads no further request
/// until `answer` is called, so answers keep their order. There is no deadline here: whoever makes a client wait knows
/// how long. May be used from any thread.
package final class HTTPDeferral: Sendable {
    /// Whether a client that sends no more counts as gone.
    ///
    /// Who closes a connection and who only ends its own half look the same until something is written. An answer that
    /// is news may wait for the latter; one that holds a place must not wait for the former.
    let endsWithInput: Bool
    private let state: NIOLoopBoundBox<State>

    /// Writes a whole answer.
    package typealias Body = @Sendable (inout HTTPResponseWriter) -> Void

    private struct State {
        /// Hands the answer to the connection; set while the connection waits for it.
        var deliver: ((Body) -> Void)?
        /// The answer, if it came before the connection began to wait.
        var early: Body?
        /// Whether the client is gone.
        var isCancelled = false
        /// Asks the connection whether the client has gone, although nobody has heard of it yet.
        var hasGone: (() -> Bool)?
        /// What to do when the client goes.
        var whenCancelled: (@Sendable () -> Void)?
    }

    /// Promises an answer on the event loop of the responder.
    ///
    /// - Precondition: called on that loop.
    package init(on eventLoop: any EventLoop, endsWithInput: Bool = false) {
        self.endsWithInput = endsWithInput
        state = NIOLoopBoundBox(State(), eventLoop: eventLoop)
    }

    /// Gives the answer: the closure, which runs on the event loop soon, writes all of it.
    ///
    /// A second answer, or one for a client that is gone, is dropped.
    package func answer(_ write: @escaping Body) {
        // Never at once, even on the loop: the caller may itself be inside a responder.
        state.eventLoop.execute { [self] in
            guard let deliver = state.value.deliver else {
                state.value.early = state.value.early ?? write
                return
            }
            state.value.deliver = nil
            state.value.hasGone = nil
            deliver(write)
        }
    }

    /// Sets what happens if the client goes before the answer comes; at once if it has gone.
    package func whenCancelled(_ body: @escaping @Sendable () -> Void) {
        state.eventLoop.execute { [self] in
            if state.value.isCancelled { body() } else { state.value.whenCancelled = body }
        }
    }

    /// Whether the client has closed its end, also if the connection has not come to read that yet.
    ///
    /// - Precondition: on the event loop.
    var clientHasGone: Bool { state.value.isCancelled || state.value.hasGone?() == true }

    /// Connects the promise with the connection that waits.
    ///
    /// - Parameters:
    ///   - deliver: takes the answer.
    ///   - hasGone: looks whether the client has closed its end.
    func attach(_ deliver: @escaping (Body) -> Void, hasGone: @escaping () -> Bool = { false }) {
        state.value.hasGone = hasGone
        guard let early = state.value.early else {
            state.value.deliver = deliver
            return
        }
        state.eventLoop.assumeIsolated().execute { deliver(early) }
    }

    /// Says that nobody waits any more.
    func cancel() {
        state.value.deliver = nil
        state.value.hasGone = nil
        state.value.isCancelled = true
        let body = state.value.whenCancelled
        state.value.whenCancelled = nil
        body?()
    }
}
