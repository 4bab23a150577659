import Foundation
import Testing

@Suite struct `reading a tree` {
    @Test func `without git everything counts but what tools make`() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "headgate-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for path in ["Sources/Room/A.swift", ".ci/run", ".build/debug/B.swift", "Tests/a/.venv/c", "Package.resolved"] {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("let a = 1\n".utf8).write(to: file)
        }
        let tree = try Checkout(root: root)
        #expect(tree.paths == [".ci/run", "Sources/Room/A.swift"])
        #expect(tree.swiftFiles.map(\.target) == ["Room"])
        #expect(try tree.trackedPaths() == nil)
        #expect(tree.contains("Sources/Room/") && !tree.contains("Sources/Roo"))
    }

    @Test func `a file that cannot be cut into tokens is named`() {
        #expect(throws: Violation("Sources/A.swift", 2, "cannot be read: a string does not end")) {
            try SwiftFile(path: "Sources/A.swift", text: "let a = 1\nlet b = \"")
        }
    }
}
