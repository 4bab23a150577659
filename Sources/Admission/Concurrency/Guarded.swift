#if HEADGATE_THREAD_SANITIZER
    internal import Glibc
#else
    internal import Synchronization
#endif

/// State that one thread at a time may touch.
///
/// A `Mutex` from the standard library. Its lock word is changed inside the library, which is not instrumented, so the
/// thread sanitizer would see no order between two holders and report races that do not exist; a build with
/// `HEADGATE_THREAD_SANITIZER` takes a POSIX lock instead, which the sanitizer understands. What is checked, namely
/// that nothing is touched without the lock, is the same.
struct Guarded<State: ~Copyable & Sendable>: ~Copyable, Sendable {
    #if HEADGATE_THREAD_SANITIZER
        private let storage: Storage

        /// Guards a state.
        init(_ state: consuming State) { storage = Storage(state) }

        /// Runs the body alone.
        ///
        /// The body calls nothing that waits, logs or takes another lock out of order.
        func withLock<Result: ~Copyable>(_ body: (inout State) -> Result) -> Result {
            // SAFETY: lock and state live as long as the storage, which `self` keeps; the state is reached between lock
            // and unlock only.
            unsafe pthread_mutex_lock(storage.lock)
            defer { unsafe pthread_mutex_unlock(storage.lock) }
            return unsafe body(&storage.state.pointee)
        }

        // SAFETY: the state is touched only between lock and unlock; both are freed when the last reference goes.
        @safe
        private final class Storage: @unchecked Sendable {
            let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
            let state = UnsafeMutablePointer<State>.allocate(capacity: 1)

            init(_ initial: consuming State) {
                unsafe pthread_mutex_init(lock, nil)
                unsafe state.initialize(to: initial)
            }

            deinit {
                unsafe state.deinitialize(count: 1)
                unsafe state.deallocate()
                unsafe pthread_mutex_destroy(lock)
                unsafe lock.deallocate()
            }
        }
    #else
        private let mutex: Mutex<State>

        /// Guards a state.
        init(_ state: consuming State) { mutex = Mutex(state) }

        /// Runs the body alone.
        ///
        /// The body calls nothing that waits, logs or takes another lock out of order.
        func withLock<Result: ~Copyable>(_ body: (inout State) -> Result) -> Result {
            mutex.withLock { state in body(&state) }
        }
    #endif
}
