import Foundation

/// A folder of one test's own.
struct TestFolder: Sendable {
    /// Where it is.
    let path: String

    /// Makes a folder, and removes it when the body is done.
    ///
    /// Everybody may enter it: nginx, started as root, works as another user.
    static func with<Result>(_ body: (TestFolder) async throws -> Result) async throws -> Result {
        let path = NSTemporaryDirectory() + "/headgate-integration-" + UUID().uuidString
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: attributes)
        return try await withCleanUp {
            try await body(TestFolder(path: path))
        } cleanUp: {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// The path of a file in the folder.
    func file(_ name: String) -> String { path + "/" + name }

    /// A folder inside.
    func folder(_ name: String) throws -> TestFolder {
        try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: false)
        return TestFolder(path: file(name))
    }

    /// Writes a file and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: file(name), atomically: false, encoding: .utf8)
        return file(name)
    }

    /// Makes an empty file and opens it for writing.
    func create(_ name: String) throws -> FileHandle {
        _ = try write("", to: name)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: file(name)))
    }

    /// The end of a file, for messages; a sentence if there is none.
    func tail(of name: String) -> String {
        guard let text = try? String(contentsOfFile: file(name), encoding: .utf8), !text.isEmpty else {
            return "(\(name) is empty)"
        }
        return String(text.suffix(4_000))
    }
}
