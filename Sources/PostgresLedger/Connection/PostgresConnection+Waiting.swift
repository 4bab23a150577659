internal import CPostgreSQL
internal import Ledger
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

// SAFETY: of the handle the same is true as in PostgresConnection; what waits is mutating, too.
extension PostgresConnection {
    /// Waits until the server has sent something.
    ///
    /// - Returns: whether it has, before the time was over.
    mutating func awaitInput(until end: ContinuousClock.Instant) -> Bool {
        while true {
            let milliseconds = ContinuousClock.now.duration(to: end) / .milliseconds(1)
            guard milliseconds > 0 else { return false }
            let ready = Readiness.wait(for: [unsafe PQsocket(handle)], milliseconds: Int32(milliseconds.rounded(.up)))
            if !ready.isEmpty { return true }
        }
    }

    /// Waits until somebody has notified a channel that this connection listens to, another file can be read, or the
    /// time is over.
    ///
    /// - Returns: the texts that came with the notifications.
    mutating func notifications(or other: Int32, milliseconds: Int32) throws(LedgerError) -> [String] {
        let ready = Readiness.wait(for: [unsafe PQsocket(handle), other], milliseconds: milliseconds)
        guard ready.contains(0) else { return [] }
        guard unsafe PQconsumeInput(handle) == 1 else { throw lost() }
        var texts: [String] = []
        // A notification belongs to the caller, who frees it; its text ends with a zero.
        while let notification = unsafe PQnotifies(handle) {
            if let text = unsafe notification.pointee.extra { texts.append(unsafe String(cString: text)) }
            unsafe PQfreemem(notification)
        }
        return texts
    }
}

/// Waits for files that can be read.
enum Readiness {
    /// Waits until one of them can be, was closed, or has failed; or until the time is over.
    ///
    /// - Returns: the indexes of those.
    static func wait(for files: [Int32], milliseconds: Int32) -> [Int] {
        var entries = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // SAFETY: as many entries are passed as there are. A signal ends the wait early, as a time that is over does.
        let count = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
        return count > 0 ? entries.indices.filter { entries[$0].revents != 0 } : []
    }
}
