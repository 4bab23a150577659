internal import Synchronization

extension Wire {
    /// Makes a call and waits for what becomes of it; a task that is cancelled gives the call up.
    func answer(to call: WireCall) async -> Result<WireAnswer, WireFailure> {
        let pending = PendingCall()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ticket = send(call) { continuation.resume(returning: $0) }
                if pending.began(ticket) { cancel(ticket) }
            }
        } onCancel: {
            if let ticket = pending.cancel() { cancel(ticket) }
        }
    }
}

/// A call between the one who makes it and the one who may cancel it before it has a name.
private final class PendingCall: Sendable {
    private let state = Mutex<(ticket: WireTicket?, isCancelled: Bool)>((nil, false))

    /// Names the call; says whether it was cancelled before.
    func began(_ ticket: WireTicket) -> Bool {
        state.withLock { state in
            state.ticket = ticket
            return state.isCancelled
        }
    }

    /// Cancels the call; says which one there is to be given up.
    func cancel() -> WireTicket? {
        state.withLock { state in
            state.isCancelled = true
            return state.ticket
        }
    }
}
