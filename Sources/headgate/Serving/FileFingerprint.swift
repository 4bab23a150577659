internal import Directory
internal import Foundation

/// What tells whether files may have changed: identity, size and times of each.
struct FileFingerprint: Equatable {
    private let parts: [String]

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
        parts = paths.map { path in
            var status = stat()
            // SAFETY: the pointer is used only during the call, which fills the value.
            guard unsafe stat(path, &status) == 0 else { return "\(path) -" }
            return "\(path) \(status.st_dev) \(status.st_ino) \(status.st_size) "
                + "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)"
        }
    }
}
