import Foundation
import NIOSSL

/// One server with its files: a policy, a directory, a data folder, and the process that serves them.
final class Site {
    /// Where everything lies.
    let folder: TestFolder
    /// The policy's file.
    let policy: String
    /// The directory's file.
    let directory: String
    /// The port on 127.0.0.1 of the process that runs, or ran last.
    private(set) var port = 0
    /// What clients speak TLS with; `nil`: nothing.
    var tls: NIOSSLContext?
    private let sources: [String]
    private let dataName: String
    private var server: Child?
    private var startCount = 0

    /// The data folder.
    var data: String { folder.file(dataName) }
    /// What the running server, or the last one, has logged.
    var log: String { server?.errors ?? "" }
    /// The number of the server's process.
    var processNumber: Int32 { server?.processNumber ?? 0 }
    /// Whether the server runs.
    var isRunning: Bool { server?.isRunning ?? false }

    /// Lays the files out, runs the body, and stops the server whatever becomes of the body.
    static func with<Result>(
        policy: String, directory: String, _ body: (Site) async throws -> Result
    ) async throws -> Result {
        try await TestFolder.with { folder in
            let site = Site(
                folder: folder, policy: try folder.write(policy, to: "policy.yaml"),
                directory: try folder.write(directory, to: "directory.yaml"))
            return try await withCleanUp {
                try await body(site)
            } cleanUp: {
                _ = await site.stop()
            }
        }
    }

    private init(folder: TestFolder, policy: String, directory: String) {
        self.folder = folder
        self.policy = policy
        self.directory = directory
        sources = ["--policy", policy, "--directory", directory]
        dataName = "data"
    }

    /// A server that a ledger governs: nothing but a data folder, and a database if the records are there.
    init(governedIn folder: TestFolder, data: String = "data", ledger: String? = nil) {
        self.folder = folder
        policy = ""
        directory = ""
        dataName = data
        sources = ledger.map { ["--ledger", $0] } ?? []
    }

    /// Starts the server on a port that the system chooses, and waits until it serves; arguments that say otherwise
    /// come last and win.
    ///
    /// - Parameters:
    ///   - arguments: more of the command line.
    ///   - shell: a command of the shell that is run first, such as `ulimit -n 100`.
    /// - Throws: when it ends first, or does not serve in time; with its log.
    func start(_ arguments: [String] = [], after shell: String = ":") async throws {
        startCount += 1
        let child = try Child(
            "headgate-\(startCount)", "/bin/sh",
            [
                "-c", shell + #" && exec "$0" "$@""#, try Tool.headgate(), "serve", "--data", data, "--listen",
                "127.0.0.1:0",
            ] + sources + arguments,
            in: folder)
        server = child
        try await Patience.wait(for: "headgate to serve") {
            if let match = child.errors.firstMatch(of: /serves on https?:\/\/[^\s]+:([0-9]+)\s/) {
                port = Int(match.1) ?? 0
                return true
            }
            guard child.isRunning else { throw Failure(what: "ended with status \(child.status)", log: child.errors) }
            return false
        }
    }

    /// Stops the server as an operator does; harmless when it does not run.
    ///
    /// - Returns: its exit code, or the number of the signal that ended it.
    @discardableResult
    func stop() async -> Int32 {
        await server?.end(with: SIGTERM)
        return server?.status ?? 0
    }

    /// Ends the server as a power cut would.
    func kill() async { await server?.end(with: SIGKILL) }

    /// Sends the server a signal.
    func send(_ signal: Int32) { server?.send(signal) }

    /// Waits until the server has ended by itself.
    func waitForEnd() async throws -> Int32 {
        try await Patience.wait(for: "headgate to end") { !isRunning }
        return server?.status ?? 0
    }

    /// Runs another command of `headgate` beside the server.
    func run(_ arguments: String...) async throws -> Command { try await Command.run(arguments, in: folder) }

    /// Makes a key for a principal, as in `acme/web`.
    func addKey(for principal: String) async throws -> String {
        let parts = principal.split(separator: "/").map(String.init)
        let command = try await run(
            "directory", "add-key", "--directory", directory, "--tenant", parts[0], "--principal", parts[1])
        guard command.status == 0 else { throw Failure(what: "gave no key to \(principal)", log: command.errors) }
        return command.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Something did not go as a test needs.
    struct Failure: Error, CustomStringConvertible {
        /// What went wrong.
        let what: String
        /// What headgate said.
        let log: String

        var description: String { "headgate \(what):\n\(log)" }
    }
}
