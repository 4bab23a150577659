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
        try Data(text.utf8).write(to: place)
    }
    let recorded = try String(contentsOf: place, encoding: .utf8)
    #expect(text == recorded, "\(name); RECORD_SNAPSHOTS=1 records anew", sourceLocation: sourceLocation)
}
