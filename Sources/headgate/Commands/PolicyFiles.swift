internal import Foundation
internal import Policy

/// Finds and reads the files of a policy: one document, or all `*.yaml` and `*.yml` of a folder in
/// order of their names.
struct PolicyFiles {
    /// Where the policy is, as it was given.
    let path: String

    /// Why the files cannot be read.
    struct Problem: Error, CustomStringConvertible {
        /// One sentence for people.
        let description: String
    }

    /// The most bytes that are read of one file: policies of thousands of operations have a megabyte.
    private static let bytesMax = 16 << 20

    /// The paths of the files there are now.
    func paths() throws(Problem) -> [String] {
        var isFolder: ObjCBool = false
        // SAFETY: the pointer is used only during the call.
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Problem(description: "there is no file or folder '\(path)'")
        }
        guard isFolder.boolValue else { return [path] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw Problem(description: "the folder '\(path)' cannot be read")
        }
        let documents = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
        guard !documents.isEmpty else {
            throw Problem(description: "the folder '\(path)' has no file *.yaml or *.yml")
        }
        return documents.map { (path as NSString).appendingPathComponent($0) }
    }

    /// Reads the files.
    func read() throws(Problem) -> [SourceFile] {
        var files: [SourceFile] = []
        for path in try paths() {
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw Problem(description: "the file '\(path)' cannot be read")
            }
            defer { try? handle.close() }
            guard let data = try? handle.read(upToCount: PolicyFiles.bytesMax + 1) ?? Data() else {
                throw Problem(description: "the file '\(path)' cannot be read")
            }
            guard data.count <= PolicyFiles.bytesMax else {
                throw Problem(description: "the file '\(path)' is larger than \(PolicyFiles.bytesMax >> 20) MiB")
            }
            files.append(SourceFile(name: path, bytes: [UInt8](data)))
        }
        return files
    }
}
