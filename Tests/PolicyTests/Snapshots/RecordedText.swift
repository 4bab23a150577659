import Foundation
import Testing

/// Compares a text with the one recorded in `Tests/PolicyTests/Fixtures`; `RECORD_SNAPSHOTS=1` records it instead.
func expectRecorded(
    _ text: String, as name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures").appending(path: name)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
        try text.write(to: file, atomically: true, encoding: .utf8)
        return
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    guard recorded != text else { return }
    let lines = (
        recorded.split(separator: "\n", omittingEmptySubsequences: false),
        text.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let first = zip(lines.0, lines.1).enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
        """
        \(name) differs from line \((first?.offset ?? min(lines.0.count, lines.1.count)) + 1) on:
        recorded: \(first.map { String($0.element.0) } ?? "\(lines.0.count) lines")
        now:      \(first.map { String($0.element.1) } ?? "\(lines.1.count) lines")
        Run with RECORD_SNAPSHOTS=1 if this is meant, and review the change.
        """, sourceLocation: sourceLocation)
}
