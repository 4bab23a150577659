internal import Foundation
internal import Gateway
internal import Logging

/// How many files the process may have open, and what follows for its connections.
///
/// A connection is a file for the system. The soft limit that a shell or a service manager gives, mostly 1,024, is
/// meant for programs that use `select`; the hard limit is what the administrator means.
struct OpenFiles: Hashable {
    /// What holds now.
    let soft: UInt64
    /// What the process may raise it to.
    let hard: UInt64

    /// Files beside those of connections.
    ///
    /// Some 30 are always open: standard streams, journal, usage and lock, three for each event loop, the port. The
    /// rest is for what comes and goes: connections that are turned away, reloads of a policy folder, a fresh journal.
    static let reserve: UInt64 = 128

    /// The limit's number, whose type depends on how the C library is read.
    private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }

    /// What follows for a number of connections.
    struct Outcome: Hashable {
        /// The soft limit to ask for.
        let soft: UInt64
        /// The connections that there can be.
        let connections: Int
    }

    /// How far the soft limit must be raised, and how many connections there can be then.
    ///
    /// Where files are very few, half of them are for connections.
    func outcome(connections: Int) -> Outcome {
        let wanted = UInt64(connections) + OpenFiles.reserve
        let limit = max(soft, min(hard, wanted))
        let room = limit > 2 * OpenFiles.reserve ? limit - OpenFiles.reserve : limit / 2
        return Outcome(soft: limit, connections: Int(clamping: min(UInt64(connections), max(1, room))))
    }

    /// Asks the system; `nil` when it does not say.
    static func now() -> OpenFiles? {
        var limit = rlimit()
        // SAFETY: the structure lives as long as the call.
        guard unsafe getrlimit(resource, &limit) == 0 else { return nil }
        return OpenFiles(soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
    }

    /// Raises the soft limit as far as connections want it and the system lets us.
    ///
    /// - Returns: how many connections there can be.
    static func raise(for connections: Int) -> Int {
        guard let present = now() else { return connections }
        let outcome = present.outcome(connections: connections)
        guard outcome.soft > present.soft else { return outcome.connections }
        var limit = rlimit(rlim_cur: rlim_t(outcome.soft), rlim_max: rlim_t(present.hard))
        // SAFETY: the structure lives as long as the call.
        guard unsafe setrlimit(resource, &limit) == 0 else {
            return OpenFiles(soft: present.soft, hard: present.soft).outcome(connections: connections).connections
        }
        return outcome.connections
    }
}

extension ListenerLimits {
    /// The limits with no more connections than the system has files for; says in the log when those are fewer.
    ///
    /// One address gets the same share of fewer connections.
    func affordable(_ log: Logger) -> ListenerLimits {
        var limits = self
        limits.connectionsMax = OpenFiles.raise(for: connectionsMax)
        guard limits.connectionsMax < connectionsMax else { return limits }
        limits.connectionsPerPeerMax = connectionsPerPeerMax.map { share in
            max(1, Int(Int128(share) * Int128(limits.connectionsMax) / Int128(connectionsMax)))
        }
        log.warning(
            "--connections \(connectionsMax) is more than the hard limit of open files allows: one more than \(limits.connectionsMax) is closed at once; raise the limit (`ulimit -Hn`, LimitNOFILE of systemd), or say fewer",
            metadata: ["open_files": "\(OpenFiles.now()?.soft ?? 0)"])
        return limits
    }
}
