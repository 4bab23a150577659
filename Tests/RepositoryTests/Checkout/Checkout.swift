import Foundation

/// The tree that is checked: what git tracks, and what it would track if it were added.
struct Checkout: Sendable {
    /// The root directory.
    let root: URL
    /// The paths of all files from the root, sorted.
    let paths: [String]
    /// All Swift files.
    let swiftFiles: [SwiftFile]

    /// The checkout that this very file belongs to, read once.
    static let current = Result { try Checkout(root: Checkout.root(above: #filePath)) }

    /// Reads the tree under a directory.
    ///
    /// - Throws: `Violation` for Swift that cannot be read, or what the file system and git have to say.
    init(root: URL) throws {
        self.root = root
        let found = try Checkout.filePaths(in: root)
        paths = found.sorted()
        swiftFiles = try paths.filter { $0.hasSuffix(".swift") }.map { path in
            try SwiftFile(path: path, text: String(contentsOf: root.appending(path: path), encoding: .utf8))
        }
    }

    /// The directory above a file that holds the manifest.
    private static func root(above file: String) throws -> URL {
        var directory = URL(filePath: file).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: directory.appending(path: "Package.swift").path) {
            guard directory.pathComponents.count > 1 else { throw Violation(file, 1, "no Package.swift above it") }
            directory.deleteLastPathComponent()
        }
        return directory
    }

    /// The text of a file; `nil` if it is not UTF-8.
    func text(of path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Whether a path from the root names a file or directory of the tree.
    func contains(_ path: String) -> Bool {
        var trimmed = path[...]
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        return trimmed.isEmpty || paths.contains(String(trimmed)) || paths.contains { $0.hasPrefix(trimmed + "/") }
    }

    /// The Swift files under a directory.
    func swiftFiles(in area: String) -> [SwiftFile] { swiftFiles.filter { $0.area == area } }
}
