import Foundation

extension Checkout {
    /// Names of files and directories that tools make.
    static let madeNames: Set<Substring> = [
        ".build", ".headgate", ".venv", "Package.resolved", "__pycache__",
    ]

    /// The files of a tree: what git lists, or everything but what tools make where there is no git.
    static func filePaths(in root: URL) throws -> [String] {
        guard isUnderGit(root) else { return try walk(root) }
        let listed = try git(["ls-files", "-z", "--cached", "--others", "--exclude-standard"], in: root)
        // A file that was deleted and not yet committed is still listed.
        return Array(Set(listed)).filter { FileManager.default.fileExists(atPath: root.appending(path: $0).path) }
    }

    /// The files that git tracks, whatever it has been told to ignore; `nil` where there is no git.
    func trackedPaths() throws -> [String]? {
        guard Checkout.isUnderGit(root) else { return nil }
        return try Checkout.git(["ls-files", "-z", "--cached"], in: root)
    }

    private static func isUnderGit(_ root: URL) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: ".git").path)
    }

    private static func walk(_ root: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { path in
            let values = try root.appending(path: path).resourceValues(forKeys: [.isRegularFileKey])
            return values.isRegularFile == true && madeNames.isDisjoint(with: path.split(separator: "/"))
        }
    }

    /// Runs git and splits what it prints at zero bytes.
    private static func git(_ arguments: [String], in root: URL) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // The tree may belong to another user, as it does in containers; it is only read.
        process.arguments = ["git", "-c", "safe.directory=*", "-C", root.path] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Violation(root.path, 1, "git \(arguments) ended with \(process.terminationStatus)")
        }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
