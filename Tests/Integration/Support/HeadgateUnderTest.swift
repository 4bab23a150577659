import Foundation

/// A Headgate server with its policy, its directory and its data in a folder of the test.
final class HeadgateUnderTest {
    /// Where it listens on 127.0.0.1.
    let port: Int
    private let binary: String
    private let folder: TestFolder
    private let policy: String
    private let directory: String
    private let options: [String]
    private var process: ProcessUnderTest?
    private var startCount = 0

    /// Lays the files out; `start` starts the server, with some options besides.
    init(port: Int, policy: String, directory: String, options: [String] = [], in folder: TestFolder) throws {
        self.options = options
        self.port = port
        self.folder = folder
        binary = try Tool.headgate()
        self.policy = try folder.write(policy, to: "policy.yaml")
        self.directory = try folder.write(directory, to: "directory.yaml")
        _ = try folder.folder("data")
    }

    /// Another process with the same policy and the same directory, and data of its own.
    init(besides other: HeadgateUnderTest, port: Int, in folder: TestFolder) throws {
        self.port = port
        self.folder = folder
        binary = other.binary
        policy = other.policy
        directory = other.directory
        options = other.options
        _ = try folder.folder("data")
    }

    /// Makes a key for a principal, as in `acme/web`.
    func addKey(for principal: String) async throws -> String {
        let parts = principal.split(separator: "/").map(String.init)
        let output = try await ProcessUnderTest.output(
            of: binary,
            ["directory", "add-key", "--directory", directory, "--tenant", parts[0], "--principal", parts[1]],
            in: folder)
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts the server, after `stop` once more on the same port and the same data.
    func start() async throws {
        startCount += 1
        let process = try ProcessUnderTest(
            "headgate-\(startCount)", binary,
            [
                "serve", "--policy", policy, "--directory", directory, "--data", folder.file("data"),
                "--listen", "127.0.0.1:\(port)",
            ] + options,
            in: folder)
        self.process = process
        try await process.waitUntilListening(on: port)
    }

    /// Asks the server to stop and does not wait for it; `stop` does.
    func askToStop() { process?.askToStop() }

    /// Stops the server; harmless when it does not run.
    func stop() async {
        await process?.stop()
        process = nil
    }
}
