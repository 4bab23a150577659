internal import Synchronization

/// How far a ledger reaches, and who waits for it to reach further.
package final class LedgerExtent: Sendable {
    private let state: Mutex<State>

    private struct State {
        var size: Int64
        var isEnded = false
        var waiters: [Int64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: Int64 = 0
    }

    /// Begins at a size.
    package init(size: Int64) { state = Mutex(State(size: size)) }

    /// How many records there are.
    package var size: Int64 { state.withLock { $0.size } }

    /// Tells that there are more records now; fewer change nothing.
    package func advance(to size: Int64) {
        let waiters = state.withLock { state in
            guard size > state.size else { return [CheckedContinuation<Void, Never>]() }
            state.size = size
            defer { state.waiters.removeAll() }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Tells that there will be no more records.
    package func end() {
        let waiters = state.withLock { state in
            state.isEnded = true
            defer { state.waiters.removeAll() }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until there are more records than a size, it is over, or the task is cancelled.
    ///
    /// - Returns: how many records there are; not more than the size if it is over.
    package func size(beyond size: Int64) async -> Int64 {
        while true {
            let (now, isEnded) = state.withLock { ($0.size, $0.isEnded) }
            if now > size || isEnded || Task.isCancelled { return now }
            await wait(beyond: size)
        }
    }

    private func wait(beyond size: Int64) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // Cancelled before this: the handler ran already, and found nobody to wake.
                    if state.size > size || state.isEnded || Task.isCancelled { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
