internal import Gateway
internal import Journal
internal import Synchronization

/// Which files of the data folder cannot be written now: what the log said once, for those who ask later.
///
/// Decisions go on without them, so it is no reason to send requests elsewhere.
final class ArchiveHealth: Sendable {
    private let failures = Mutex<[JournalNotice.File: String]>([:])

    /// Takes note of what is told.
    func note(_ notice: JournalNotice) {
        failures.withLock { failures in
            switch notice.code {
            case .failing: failures[notice.file] = notice.message
            case .recovered: failures[notice.file] = nil
            case .startedFresh, .refused: break
            }
        }
    }

    /// What cannot be written, and what the store said about it.
    var problems: [(part: String, problem: String)] {
        failures.withLock { failures in
            JournalNotice.File.allCases.compactMap { file in failures[file].map { (file.rawValue, $0) } }
        }
    }
}

extension ArchiveHealth {
    /// Writes which files can be written.
    func write(to text: inout PrometheusText) {
        let failing = Set(problems.map { $0.part })
        text.begin("headgate_archive_failing", .gauge, "1 while a file of the data folder cannot be written.")
        for file in JournalNotice.File.allCases {
            text.sample(
                "headgate_archive_failing", [("file", file.rawValue)], failing.contains(file.rawValue) ? "1" : "0")
        }
    }
}
