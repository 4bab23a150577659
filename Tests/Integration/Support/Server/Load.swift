import NIOSSL
import Synchronization

/// Two clients that ask the same again and again, for more than there is, and what they know of the answers.
final class Load: Sendable {
    private let state = Mutex(State())

    /// Calls of one request; with its pause a client asks some 500 times a second.
    private static let batchSize = 10

    private struct State {
        var isOver = false
        var admitted: [(received: ContinuousClock.Instant, cost: Int)] = []
        var unanswered = 0
        var policies: Set<String> = []
        var failures: [String] = []
        var start: ContinuousClock.Instant?
        var end: ContinuousClock.Instant?
    }

    private init() {}

    /// Lets the clients work until the body is done, or until their connections end.
    static func with<Result: Sendable>(
        port: Int, tls: NIOSSLContext? = nil, asking check: Check, _ body: (Load) async throws -> Result
    ) async throws -> (load: Load, result: Result) {
        let load = Load()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...2 { group.addTask { await load.ask(check, port: port, tls: tls) } }
            let result = try await withCleanUp {
                try await body(load)
            } cleanUp: {
                load.state.withLock { $0.isOver = true }
            }
            try await group.waitForAll()
            return (load, result)
        }
    }

    private func ask(_ check: Check, port: Int, tls: NIOSSLContext?) async {
        do {
            try await HTTPConnection.with(port: port, tls: tls) { connection in
                while !state.withLock({ $0.isOver }) {
                    state.withLock { $0.unanswered += Load.batchSize }
                    note(try await connection.check(Array(repeating: check, count: Load.batchSize)))
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
        } catch {
            state.withLock { $0.failures.append("\(error)") }
        }
    }

    private func note(_ batch: Batch) {
        let cost = batch.answers.reduce(0) { $0 + ($1.isAdmitted ? $1.cost : 0) }
        state.withLock { state in
            state.admitted.append((batch.received, cost))
            state.unanswered -= batch.answers.count
            state.policies.formUnion(batch.answers.map(\.policy))
            state.start = min(state.start ?? batch.sent, batch.sent)
            state.end = max(state.end ?? batch.received, batch.received)
        }
    }

    /// What was admitted in answers that had come by a moment, in cost units.
    func admitted(until moment: ContinuousClock.Instant) -> Int {
        state.withLock { $0.admitted.filter { $0.received <= moment }.reduce(0) { $0 + $1.cost } }
    }
    /// What was admitted in all answers, in cost units.
    var admitted: Int { state.withLock { $0.admitted.reduce(0) { $0 + $1.cost } } }
    /// How many calls went out and got no answer.
    var unanswered: Int { state.withLock { $0.unanswered } }
    /// The versions of the policies that decided.
    var policies: Set<String> { state.withLock { $0.policies } }
    /// What went wrong with connections.
    var failures: [String] { state.withLock { $0.failures } }
    /// From before the first decision to after the last, in seconds.
    var seconds: Double {
        state.withLock { state in
            guard let start = state.start, let end = state.end else { return 0 }
            return (end - start) / .seconds(1)
        }
    }
}
