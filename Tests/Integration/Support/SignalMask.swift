import Foundation

/// Runs a body with no signal blocked on this thread.
///
/// Swift's concurrency runs on threads that block nearly all signals, and a child inherits the mask of the thread that
/// starts it: without this, a server under test would never receive the SIGTERM that is to stop it.
func withoutBlockedSignals<Result>(_ body: () throws -> Result) rethrows -> Result {
    var none = sigset_t()
    var previous = sigset_t()
    // SAFETY: the three calls read and write these two local sets only, which outlive them.
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &previous)  // SAFETY: as above
    defer { unsafe pthread_sigmask(SIG_SETMASK, &previous, nil) }  // SAFETY: as above
    return try body()
}
