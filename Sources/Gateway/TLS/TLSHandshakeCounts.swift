internal import Synchronization

/// How a connection to a TLS listener began, or failed to.
enum TLSHandshakeEnding: String, CaseIterable {
    /// TLS is spoken.
    case completed
    /// The client showed no certificate, or one that does not hold.
    case clientCertificate = "client_certificate"
    /// No common version or cipher, damaged messages, a client that does not like our certificate.
    case failed
    /// The client left in the middle.
    case abandoned
    /// The time was over.
    case timedOut = "timed_out"
    /// The client did not speak TLS.
    case plaintext
}

/// Counts how handshakes ended; the only trace of those that failed, so that strangers cannot fill a log.
final class TLSHandshakeCounts: Sendable {
    private let numbers = Mutex<[TLSHandshakeEnding: UInt64]>([:])

    /// Counts one.
    func note(_ ending: TLSHandshakeEnding) { numbers.withLock { $0[ending, default: 0] += 1 } }

    /// All endings with their numbers.
    var counts: [(ending: TLSHandshakeEnding, count: UInt64)] {
        let numbers = numbers.withLock { $0 }
        return TLSHandshakeEnding.allCases.map { ($0, numbers[$0] ?? 0) }
    }
}
