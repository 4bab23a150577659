import Foundation

/// The programs that these tests drive.
///
/// One that is missing fails the test: a skipped test would look like a proof.
enum Tool {
    /// nginx, from the search path or where Debian puts it.
    static func nginx() throws -> String { try installed("nginx") }

    /// HAProxy, from the search path or where Debian puts it.
    static func haproxy() throws -> String { try installed("haproxy") }

    /// h2load, from the search path.
    static func h2load() throws -> String { try installed("h2load") }

    /// Python with Envoy's messages: the one in the project's virtual environment.
    static func python() throws -> String {
        try first(of: [Repository.file(".venv/bin/python")], missing: "there is no .venv: run scripts/setup")
    }

    /// curl, from the search path.
    static func curl() throws -> String { try installed("curl") }

    /// openssl, from the search path.
    static func openssl() throws -> String { try installed("openssl") }

    private static func installed(_ name: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return try first(
            of: (folders + ["/usr/sbin"]).map { "\($0)/\(name)" },
            missing: "\(name) is not installed: run scripts/setup")
    }

    /// Envoy: the file that `HEADGATE_ENVOY` names, or the one in the project's virtual environment.
    static func envoy() throws -> String {
        if let path = ProcessInfo.processInfo.environment["HEADGATE_ENVOY"] {
            return try first(of: [path], missing: "HEADGATE_ENVOY names \(path), which is no program")
        }
        let library = Repository.file(".venv/lib")
        let pythons = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
        return try first(
            of: pythons.map { "\(library)/\($0)/site-packages/envoy/_bin/envoy" },
            missing: "Envoy is neither in .venv nor named by HEADGATE_ENVOY: run scripts/setup")
    }

    /// Headgate: the file that `HEADGATE_BINARY` names, or the one that was built with these tests.
    static func headgate() throws -> String {
        if let path = ProcessInfo.processInfo.environment["HEADGATE_BINARY"] {
            return try first(of: [path], missing: "HEADGATE_BINARY names \(path), which is no program")
        }
        let bundles = ProcessInfo.processInfo.arguments.compactMap { argument in
            argument.range(of: ".xctest").map { String(argument[..<$0.lowerBound]) }
        }
        return try first(
            of: bundles.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/headgate" },
            missing: "headgate was not built beside the tests and HEADGATE_BINARY does not name it: run swift build")
    }

    private static func first(of candidates: [String], missing message: String) throws -> String {
        guard let path = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw Missing(description: message)
        }
        return path
    }

    /// A program is not there.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }
}

/// The repository that these tests stand in.
enum Repository {
    /// The path of a file, from its path inside the repository.
    static func file(_ path: String) -> String {
        let support = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return support.appendingPathComponent("../../..").standardizedFileURL.path + "/" + path
    }
}
