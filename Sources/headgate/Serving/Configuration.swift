internal import Directory
internal import Foundation
internal import Gateway
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
    /// Warnings about the policy, rendered.
    let policyWarnings: String
    /// Warnings about the directory, rendered.
    let directoryWarnings: String
    /// How the files looked just before they were read.
    let prints: Prints
    /// What was read for this, of `policy` and `directory`; the rest is as it was.
    let partsRead: [String]

    /// How files looked.
    struct Prints {
        /// Those of the policy.
        let policy: FileFingerprint
        /// Those of the directory.
        let directory: FileFingerprint
        /// What the ledger said, where it says something.
        let governed: Governed.State?

        /// Looks at all files, and at what the ledger says.
        init(_ settings: ServerSettings, _ governed: Governed?) {
            self.governed = governed?.state
            policy = FileFingerprint(settings.policyPath.map(FileFingerprint.paths(ofPolicy:)) ?? [])
            directory = FileFingerprint(settings.directoryPath.map(FileFingerprint.paths(ofDirectory:)) ?? [])
        }

        /// The parts that look different than they did; all of them if nothing is known of them.
        func differences(from older: Prints?) -> [String] {
            [
                ("policy", policy == older?.policy && governed?.policy == older?.governed?.policy),
                ("directory", directory == older?.directory && governed?.directory == older?.governed?.directory),
            ]
            .filter { !$0.1 }.map(\.0)
        }
    }

    /// All warnings, rendered.
    var warnings: String { policyWarnings + directoryWarnings }

    /// Why the files cannot be used.
    struct Problem: Error {
        /// Which part it is about: `policy`, `directory`, `tls` or `tokens`.
        let part: String
        /// All that is wrong, rendered for a log.
        let text: String
    }

    /// Reads, compiles and binds.
    ///
    /// - Parameters:
    ///   - settings: which files.
    ///   - governed: what the ledger governs, where files do not say it.
    ///   - hash: turns names of tenants into the engine's keys.
    ///   - previous: what held so far. Files that look as they did then are not read again; a policy that means the
    ///     same is taken over as it is.
    ///   - readsAll: whether to read also what looks the same.
    /// - Returns: what holds if nothing more goes wrong; of `previous`, whatever is the same.
    /// - Throws: `Problem`, and nothing has changed then.
    static func load(
        _ settings: ServerSettings, governed: Governed?, hash: KeyedHash, previous: Configuration?,
        readsAll: Bool = false
    ) throws(Problem) -> Configuration {
        // Looked at first: a file that changes while it is read is read once more.
        let prints = Prints(settings, governed)
        let known = readsAll ? nil : previous
        let changed = prints.differences(from: known?.prints)
        let (policy, policyWarnings) =
            if let known, !changed.contains("policy") {
                (known.policy, known.policyWarnings)
            } else {
                try loadPolicy(settings.policyPath, governed, previous: previous)
            }
        try check(settings.region, isIn: policy)
        let directory =
            if let known, !changed.contains("directory") {
                known.directory
            } else {
                try loadDirectory(settings.directoryPath, governed, following: known)
            }
        if let known, known.policy === policy, known.directory === directory {
            return known.seen(as: prints, policyWarnings, changed)
        }
        var clock = Clock()
        let outcome = DirectoryBinding.bind(
            directory, to: policy, hash: hash, at: clock.now().wall, following: previous?.binding)
        let text = render(outcome.diagnostics, of: settings.directoryPath)
        guard let binding = outcome.binding else { throw Problem(part: "directory", text: text) }
        return Configuration(
            policy: policy, directory: directory, binding: binding, policyWarnings: policyWarnings,
            directoryWarnings: text, prints: prints, partsRead: changed)
    }

    /// The same, read from files that look different now.
    private func seen(as newer: Prints, _ policyWarnings: String, _ partsRead: [String]) -> Configuration {
        Configuration(
            policy: policy, directory: directory, binding: binding, policyWarnings: policyWarnings,
            directoryWarnings: directoryWarnings, prints: newer, partsRead: partsRead)
    }

    /// Renders what binding found; the directory's file is read for it once more, so only if there is something.
    private static func render(_ diagnostics: [Diagnostic], of directoryPath: String?) -> String {
        guard !diagnostics.isEmpty else { return "" }
        guard let directoryPath else {
            return diagnostics.map { "\($0.severity): the ledger: \($0.message)\n" }.joined()
        }
        return FileDirectory(path: directoryPath, environment: ProcessInfo.processInfo.environment)
            .text(diagnostics, isColoured: false)
    }

    private static func loadPolicy(
        _ path: String?, _ governed: Governed?, previous: Configuration?
    ) throws(Problem) -> (Snapshot, String) {
        let files = try policyDocuments(path, governed)
        let result = PolicyCompiler.compile(files)
        let text = DiagnosticRenderer(files: files).text(result.diagnostics)
        guard let snapshot = result.snapshot else { throw Problem(part: "policy", text: text) }
        // The same meaning keeps the same snapshot, so that an edited comment does not make the engine move anything.
        if let previous, previous.policy.version == snapshot.version { return (previous.policy, text) }
        return (snapshot, text)
    }

    private static func policyDocuments(_ path: String?, _ governed: Governed?) throws(Problem) -> [SourceFile] {
        if let path {
            do { return try PolicyFiles(path: path).read() } catch {
                throw Problem(part: "policy", text: "error: \(error)\n")
            }
        }
        guard let files = governed?.policyDocuments() else {
            throw Problem(
                part: "policy",
                text: "error: no policy is in force; name a file with --policy, or begin the ledger with one: "
                    + "headgate init --policy FILE\n")
        }
        return files
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

    private static func loadDirectory(
        _ path: String?, _ governed: Governed?, following known: Configuration?
    ) throws(Problem) -> DirectorySnapshot {
        guard let path else {
            return try governed?.directory(following: known?.directory, asOf: known?.prints.governed)
                ?? DirectorySnapshot(DirectoryContents(), authenticator: nil)
        }
        do {
            return try FileDirectory(path: path, environment: ProcessInfo.processInfo.environment).load()
        } catch {
            throw Problem(part: "directory", text: error.text())
        }
    }
}
