internal import Synchronization

/// Counts the requests that are being answered, so that a stop waits for them.
final class Turns: Sendable {
    private let state = Mutex(State())

    private struct State {
        var count = 0
        var isEnding = false
        var isLate = false
        var waiter: CheckedContinuation<Bool, Never>?
    }

    /// Whether none may begin any more.
    var isEnding: Bool { state.withLock { $0.isEnding } }

    /// Whether one more may begin.
    func begin() -> Bool {
        state.withLock { state in
            guard !state.isEnding else { return false }
            state.count += 1
            return true
        }
    }

    /// One is answered.
    func end() {
        let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            state.count -= 1
            guard state.isEnding, state.count == 0 else { return nil }
            return state.waiter.take()
        }
        waiter?.resume(returning: true)
    }

    /// Lets none begin any more, and returns when the last has been answered, or some time has passed.
    ///
    /// - Returns: whether all were answered.
    func finish(within time: Duration) async -> Bool {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await Task.sleep(for: time)
                let waiter = self.state.withLock { state in
                    state.isLate = true
                    return state.waiter.take()
                }
                waiter?.resume(returning: false)
            }
            let isAnswered = await lastIsAnswered()
            group.cancelAll()
            return isAnswered
        }
    }

    private func lastIsAnswered() async -> Bool {
        await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let isAnswered = state.withLock { state -> Bool? in
                state.isEnding = true
                guard state.count > 0, !state.isLate else { return state.count == 0 }
                state.waiter = continuation
                return nil
            }
            if let isAnswered { continuation.resume(returning: isAnswered) }
        }
    }
}
