internal import Foundation
internal import Journal

/// Work that takes its time, on a thread that stands back behind those that answer requests.
enum BackgroundThread {
    /// Runs the body on a thread of its own.
    ///
    /// Not on a pool: its threads are as important to the scheduler as the event loops, and a policy for a hundred
    /// thousand tenants takes seconds to read, which requests on the same core would have to wait out slice by slice.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                ThreadPriority.standBack()
                continuation.resume(returning: body())
            }
            thread.name = "headgate-loads"
            thread.start()
        }
    }
}
