import Foundation
import Testing

/// Compares a text with the one recorded beside the test; `RECORD_SNAPSHOTS=1` records it instead.
func expectSnapshot(
    _ text: String, _ name: String, file: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Snapshots")
    let place = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data((text + "\n").utf8).write(to: place)
    }
    let recorded = try String(contentsOf: place, encoding: .utf8)
    guard recorded != text + "\n" else { return }
    let lines = (
        recorded.split(separator: "\n", omittingEmptySubsequences: false),
        (text + "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
    )
    let first = zip(lines.0, lines.1).enumerated().first { $1.0 != $1.1 }
    let difference = first.map { "line \($0 + 1) was \"\($1.0)\" and is \"\($1.1)\"" } ?? "one is longer"
    Issue.record("differs from \(name): \(difference)", sourceLocation: sourceLocation)
}
