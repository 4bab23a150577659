internal import Directory
internal import Foundation
internal import Policy
internal import Vocabulary

/// The files that say by what requests are decided.
struct EmbeddedFiles: Sendable {
    /// A policy, or a folder with the documents of one.
    let policyPath: String
    /// The directory's file; `nil`: nobody is known.
    let directoryPath: String?
    /// The region this process stands in.
    let region: String?

    /// The most bytes that are read of one file: policies of thousands of operations have a megabyte.
    private static let bytesMax = 16 << 20

    /// Reads, compiles and binds; nothing has changed when it fails.
    func load(hash: KeyedHash) throws(EmbeddedAdmissionError) -> DirectoryBinding {
        let policy = try policy()
        if let region, !policy.regions.contains(where: { $0.name == region }) {
            let names = policy.regions.map(\.name).joined(separator: ", ")
            throw EmbeddedAdmissionError("region: '\(region)' is none of the policy's: \(names)")
        }
        let outcome = DirectoryBinding.bind(try directory(), to: policy, hash: hash)
        guard let binding = outcome.binding else {
            throw EmbeddedAdmissionError("directory: \(text(outcome.diagnostics))")
        }
        return binding
    }

    private func policy() throws(EmbeddedAdmissionError) -> Snapshot {
        var sources: [SourceFile] = []
        for path in try policyPaths() { sources.append(try source(path)) }
        let result = PolicyCompiler.compile(sources)
        guard let snapshot = result.snapshot else {
            throw EmbeddedAdmissionError(DiagnosticRenderer(files: sources).text(result.diagnostics))
        }
        return snapshot
    }

    /// The document, or those of the folder in the order of their names.
    private func policyPaths() throws(EmbeddedAdmissionError) -> [String] {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: policyPath).resolvingSymlinksInPath().path)
        guard let type = attributes?[.type] as? FileAttributeType else {
            throw EmbeddedAdmissionError("policy: there is no file or folder '\(policyPath)'")
        }
        guard type == .typeDirectory else { return [policyPath] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: policyPath)) ?? []
        let documents = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }
        guard !documents.isEmpty else {
            throw EmbeddedAdmissionError("policy: the folder '\(policyPath)' has no file *.yaml or *.yml")
        }
        return documents.sorted().map { "\(policyPath)/\($0)" }
    }

    private func source(_ path: String) throws(EmbeddedAdmissionError) -> SourceFile {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw EmbeddedAdmissionError("policy: the file '\(path)' cannot be read")
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: EmbeddedFiles.bytesMax + 1) ?? Data(),
            data.count <= EmbeddedFiles.bytesMax
        else {
            throw EmbeddedAdmissionError(
                "policy: the file '\(path)' cannot be read, or is larger than \(EmbeddedFiles.bytesMax >> 20) MiB")
        }
        return SourceFile(name: path, bytes: [UInt8](data))
    }

    private func directory() throws(EmbeddedAdmissionError) -> DirectorySnapshot {
        guard let directoryPath else { return DirectorySnapshot(DirectoryContents(), authenticator: nil) }
        do {
            return try FileDirectory(path: directoryPath, environment: ProcessInfo.processInfo.environment).load()
        } catch {
            throw EmbeddedAdmissionError("directory: \(error.text())")
        }
    }

    private func text(_ diagnostics: [Diagnostic]) -> String {
        guard let directoryPath else { return "\(diagnostics)" }
        return FileDirectory(path: directoryPath, environment: ProcessInfo.processInfo.environment)
            .text(diagnostics, isColoured: false)
    }
}
