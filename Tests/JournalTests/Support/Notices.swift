import Synchronization

@testable import Journal

/// Collects what a journal has to say.
final class Notices: Sendable {
    private let list = Mutex<[JournalNotice]>([])

    var all: [JournalNotice] { list.withLock { $0 } }
    var codes: [JournalNotice.Code] { all.map(\.code) }

    func append(_ notice: JournalNotice) { list.withLock { $0.append(notice) } }
}
