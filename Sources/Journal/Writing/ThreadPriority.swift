#if canImport(Glibc)
    internal import CScheduler
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How much of a busy core a thread gets beside those that answer requests.
package enum ThreadPriority {
    /// Lets the calling thread stand back: where there is not enough for all, it gets a third of what an event loop
    /// gets, in short turns, for good.
    ///
    /// A nice value of 5; not more, since what is recorded must be written also while the machine is busy. And turns of
    /// a tenth of a millisecond: by default one takes some three milliseconds, and all requests wait for its end.
    package static func standBack() {
        #if os(Linux)
            // A refusal changes nothing but speed. Linux takes 0 for the calling thread, not for the process.
            if headgate_set_turns(5, 100_000) != 0 { _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 5) }
        #endif
    }
}
