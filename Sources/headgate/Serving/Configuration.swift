internal import Directory
internal import Foundation
internal import Policy
internal import Vocabulary

/// What the files say: the first phase of a reload.
///
/// Everything that can fail fails here, and nothing has changed yet.
struct Configuration {
    /// The compiled policy.
    let policy: Snapshot
    /// The directory.
    let directory: DirectorySnapshot
    /// Both together.
    let binding: DirectoryBinding
    /// Warnings, rendered.
    let warnings: String

    /// Why the files cannot be used.
    struct Problem: Error {
        /// Which part it is about: `policy`, `directory`, `tls` or `tokens`.
        let part: String
        /// All that is wrong, rendered for a log.
        let text: String
    }

    /// Reads, compiles and binds.
    ///
    /// `previous` is what held so far; a policy that means the same is taken over as it is.
    static func load(
        _ settings: ServerSettings, hash: KeyedHash, previous: Configuration?
    ) throws(Problem) -> Configuration {
        let (policy, warnings) = try loadPolicy(settings.policyPath, previous: previous)
        try check(settings.region, isIn: policy)
        let directoryPath = settings.directoryPath
        let directory = try loadDirectory(directoryPath)
        let outcome = DirectoryBinding.bind(directory, to: policy, hash: hash)
        let text = directoryPath.map {
            FileDirectory(path: $0, environment: ProcessInfo.processInfo.environment).text(
                outcome.diagnostics, isColoured: false)
        }
        guard let binding = outcome.binding else { throw Problem(part: "directory", text: text ?? "") }
        return Configuration(
            policy: policy, directory: directory, binding: binding, warnings: warnings + (text ?? ""))
    }

    private static func loadPolicy(_ path: String, previous: Configuration?) throws(Problem) -> (Snapshot, String) {
        let files: [SourceFile]
        do { files = try PolicyFiles(path: path).read() } catch {
            throw Problem(part: "policy", text: "error: \(error)\n")
        }
        let result = PolicyCompiler.compile(files)
        let text = DiagnosticRenderer(files: files).text(result.diagnostics)
        guard let snapshot = result.snapshot else { throw Problem(part: "policy", text: text) }
        // The same meaning keeps the same snapshot, so that an edited comment does not make the engine move anything.
        if let previous, previous.policy.version == snapshot.version { return (previous.policy, text) }
        return (snapshot, text)
    }

    /// The server stands where its command line says; a policy without that region would silently stop limiting it.
    private static func check(_ region: String?, isIn policy: Snapshot) throws(Problem) {
        guard let region, !policy.regions.contains(where: { $0.name == region }) else { return }
        let names = policy.regions.map(\.name).joined(separator: ", ")
        throw Problem(
            part: "policy",
            text: "error: --region \(region): the policy has "
                + (names.isEmpty ? "no regions\n" : "the regions \(names)\n"))
    }

    private static func loadDirectory(_ path: String?) throws(Problem) -> DirectorySnapshot {
        guard let path else {
            return DirectorySnapshot(DirectoryContents(), authenticator: nil)
        }
        do {
            return try FileDirectory(path: path, environment: ProcessInfo.processInfo.environment).load()
        } catch {
            throw Problem(part: "directory", text: error.text())
        }
    }
}
