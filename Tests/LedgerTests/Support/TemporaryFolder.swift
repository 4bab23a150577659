import Foundation
import Synchronization

/// A folder of its own for one test, removed when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path: String

    private static let count = Atomic(0)

    init() throws {
        let number = TemporaryFolder.count.add(1, ordering: .relaxed).newValue
        path = NSTemporaryDirectory() + "/headgate-ledger-\(ProcessInfo.processInfo.processIdentifier)-\(number)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
