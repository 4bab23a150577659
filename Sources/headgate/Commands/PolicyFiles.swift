internal import Foundation
internal import Policy

/// Finds and reads the files of a policy: one document, or all `*.yaml` and `*.yml` of a folder in
/// order of their names.
struct PolicyFiles {
    /// Where the policy is, as it was given.
    let path: String

    /// Why a file, or the whole policy, cannot be read.
    struct Problem: Error, CustomStringConvertible {
        /// What cannot be read.
        let path: String
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
            throw Problem(path: path, description: "there is no file or folder '\(path)'")
        }
        guard isFolder.boolValue else { return [path] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw Problem(path: path, description: "the folder '\(path)' cannot be read")
        }
        let documents = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
        guard !documents.isEmpty else {
            throw Problem(path: path, description: "the folder '\(path)' has no file *.yaml or *.yml")
        }
        return documents.map { (path as NSString).appendingPathComponent($0) }
    }

    /// Reads the files, or says what is wrong with the first that cannot be read.
    func read() throws(Problem) -> [SourceFile] {
        let (files, problems) = readAll()
        if let first = problems.first { throw first }
        return files
    }

    /// Reads the files that can be read, and says what is wrong with each of the others.
    func readAll() -> (files: [SourceFile], problems: [Problem]) {
        var files: [SourceFile] = []
        var problems: [Problem] = []
        do throws(Problem) {
            for file in try paths() {
                do throws(Problem) { files.append(try read(file)) } catch { problems.append(error) }
            }
        } catch { problems.append(error) }
        return (files, problems)
    }

    private func read(_ file: String) throws(Problem) -> SourceFile {
        // In a folder nobody has named this one: to open a pipe would be to wait for whoever might write into it.
        let type = try? FileManager.default.attributesOfItem(atPath: (file as NSString).resolvingSymlinksInPath)[.type]
        guard file == path || type as? FileAttributeType == .typeRegular else {
            throw Problem(path: file, description: "'\(file)' is not a file that can be read to its end")
        }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw Problem(path: file, description: "the file '\(file)' cannot be read")
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: PolicyFiles.bytesMax + 1) ?? Data() else {
            throw Problem(path: file, description: "the file '\(file)' cannot be read")
        }
        guard data.count <= PolicyFiles.bytesMax else {
            throw Problem(
                path: file, description: "the file '\(file)' is larger than \(PolicyFiles.bytesMax >> 20) MiB")
        }
        return SourceFile(name: file, bytes: [UInt8](data))
    }
}
