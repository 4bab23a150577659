import Foundation
import Synchronization

/// A folder of its own for one test, removed when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path: String

    private static let count = Atomic(0)

    init() throws {
        let number = TemporaryFolder.count.add(1, ordering: .relaxed).newValue
        path = NSTemporaryDirectory() + "/headgate-journal-\(ProcessInfo.processInfo.processIdentifier)-\(number)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The journal's file, as a server with this data folder names it.
    var journalPath: String { path + "/journal.sqlite" }
    /// The usage store's file.
    var usagePath: String { path + "/usage.sqlite" }

    /// The names in the folder, sorted.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}
