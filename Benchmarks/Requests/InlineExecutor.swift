import Synchronization

/// Runs tasks where they are made, on the thread that makes them: callgrind stumbles over a pool of threads.
final class InlineExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        // SAFETY: the executor lives as long as the call, in which the job runs.
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }

    /// What an operation gives that waits for nothing but actors.
    static func run<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        Task(executorPreference: InlineExecutor()) {
            let result: Result<Value, any Error>
            do { result = .success(try await operation()) } catch { result = .failure(error) }
            outcome.result.withLock { $0 = result }
        }
        guard let result = outcome.result.withLock({ $0 }) else {
            throw World.Unexpected(text: "a task has not ended where it was made")
        }
        return try result.get()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }
}
