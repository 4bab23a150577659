internal import Directory
internal import Foundation

/// What tells whether files may have changed.
struct FileFingerprint: Equatable {
    private let paths: [String]
    /// Of each; `nil`: it is not there.
    private let stamps: [FileStamp?]

    /// Looks at the files of the policy, the directory and its secret.
    init(policyPath: String?, directoryPath: String?) {
        self.init(
            (policyPath.map(FileFingerprint.paths(ofPolicy:)) ?? [])
                + (directoryPath.map(FileFingerprint.paths(ofDirectory:)) ?? [])
        )
    }

    /// The files of a policy.
    static func paths(ofPolicy path: String) -> [String] { (try? PolicyFiles(path: path).paths()) ?? [path] }

    /// The files of a directory: its own, and its secret's.
    static func paths(ofDirectory path: String) -> [String] {
        let directory = FileDirectory(path: path, environment: ProcessInfo.processInfo.environment)
        return [path, directory.secretPath]
    }

    /// Looks at some files.
    init(_ paths: [String]) {
        self.paths = paths
        stamps = paths.map { FileStamp(path: $0) }
    }
}
