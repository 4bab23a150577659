import Foundation
import Policy

/// Files beside the tests.
enum Fixture {
    /// The folder `Fixtures`.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// The root of the repository.
    static let repository = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The names of the files in a subfolder that end in an extension, sorted.
    static func names(in subfolder: String, withExtension suffix: String) -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: subfolder).path())
        return (files ?? []).filter { $0.hasSuffix("." + suffix) }.sorted()
    }

    /// A policy file of a subfolder, under its bare name.
    static func policy(_ subfolder: String, _ name: String) throws -> SourceFile {
        let data = try Data(contentsOf: folder.appending(path: subfolder).appending(path: name))
        return SourceFile(name: name, bytes: Array(data))
    }

    /// The text of a file of a subfolder, if it exists.
    static func text(_ subfolder: String, _ name: String) -> String? {
        try? String(contentsOf: folder.appending(path: subfolder).appending(path: name), encoding: .utf8)
    }

    /// Whether `RECORD_SNAPSHOTS=1` asks to rewrite expectations.
    static var isRecording: Bool { ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" }

    /// Writes an expectation.
    static func record(_ text: String, _ subfolder: String, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: subfolder).appending(path: name))
    }
}
