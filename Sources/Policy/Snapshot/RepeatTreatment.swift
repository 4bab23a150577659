package import Vocabulary

/// What happens to requests that repeat an idempotency key.
package struct RepeatTreatment: Hashable, Sendable {
    /// How long after its answer a key is remembered.
    package var window: Nanoseconds
    /// Keys that are remembered for one tenant; of more, the oldest answers go.
    package var entriesPerTenantMax: Int64
    /// Bytes that one tenant's stored answers may take; likewise.
    package var bytesPerTenantMax: Int64
    /// Bytes that the body of a stored answer may have.
    package var bodyBytesMax: Int64
    /// Repeats of one key that are not charged.
    package var freeRepeatsMax: Int64
    /// What a repeat finds while the first request is still running.
    package var concurrent: Concurrent
    /// What a repeat finds if the process ended while the first request was running.
    package var interrupted: Interrupted
    /// Which answers are stored.
    package var stored: Stored

    /// What a repeat finds while the first request is still running.
    package enum Concurrent: UInt8, CaseIterable, Sendable {
        /// It is refused.
        case reject
        /// It waits for the first one's answer.
        case join

        /// The word in policies.
        package var name: String {
            switch self {
            case .reject: "reject"
            case .join: "join"
            }
        }
    }

    /// What a repeat finds if the process ended while the first request was running.
    package enum Interrupted: UInt8, CaseIterable, Sendable {
        /// It is refused: nobody knows whether the work was done, and the caller is to find out.
        case reject
        /// It runs: the API behind recognises repeats by itself.
        case run

        /// The word in policies.
        package var name: String {
            switch self {
            case .reject: "reject"
            case .run: "run"
            }
        }
    }

    /// Which answers are stored.
    package enum Stored: UInt8, CaseIterable, Sendable {
        /// Those that would be the same if the request were made again: all but failures of the server, and statuses
        /// that ask to come again, or in another way.
        case final
        /// Those that say that the request was done: 2xx and 3xx.
        case successful

        /// The word in policies.
        package var name: String {
            switch self {
            case .final: "final"
            case .successful: "successful"
            }
        }
    }

    /// What holds unless a policy says otherwise.
    ///
    /// A day is the window that payment APIs have made common. 10,000 keys of some 300 bytes and 16 MiB of answers are
    /// what one tenant may take of a server's memory. Sixteen repeats are more than any sane client makes.
    package init() {
        window = .day
        entriesPerTenantMax = 10_000
        bytesPerTenantMax = 16 << 20
        bodyBytesMax = 1 << 20
        freeRepeatsMax = 16
        concurrent = .reject
        interrupted = .reject
        stored = .final
    }

    /// Whether an answer with a status is stored.
    ///
    /// Not stored are failures of the server, because the next attempt may succeed, and what asks the caller to come
    /// again (408, 409, 425, 429), to prove itself otherwise (401, 407), or to go elsewhere with it (421).
    package func stores(status: Int) -> Bool {
        switch status {
        case 200..<400: true
        case 401, 407, 408, 409, 421, 425, 429: false
        case 400..<500: stored == .final
        default: false
        }
    }
}
