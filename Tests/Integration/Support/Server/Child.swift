import Foundation

/// A child process that can be sent any signal, and whose two outputs are kept apart.
final class Child {
    private let process = Process()
    private let outputPath: String
    private let errorsPath: String

    /// Starts a program in a folder, where its outputs go to files as well.
    ///
    /// `environment` holds variables on top of those of the tests.
    init(
        _ name: String, _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        in folder: TestFolder
    ) throws {
        outputPath = folder.file(name + ".out")
        errorsPath = folder.file(name + ".err")
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        let handles = try [outputPath, errorsPath].map { path in
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        }
        process.standardOutput = handles[0]
        process.standardError = handles[1]
        try withoutBlockedSignals { try process.run() }
        for handle in handles { try handle.close() }
    }

    /// Whether it has not ended yet.
    var isRunning: Bool { process.isRunning }
    /// Its number.
    var processNumber: Int32 { process.processIdentifier }
    /// How it ended: the exit code, or the signal that ended it.
    var status: Int32 { process.terminationStatus }
    /// Whether a signal ended it.
    var wasKilled: Bool { process.terminationReason == .uncaughtSignal }
    /// What it has written to standard output so far.
    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }
    /// What it has written to standard error so far.
    var errors: String { (try? String(contentsOfFile: errorsPath, encoding: .utf8)) ?? "" }

    /// Sends a signal; nothing happens when the process has ended.
    func send(_ signal: Int32) {
        guard process.isRunning else { return }
        kill(process.processIdentifier, signal)
    }

    /// Waits for the end; ends it by force when that takes too long, or at once where that is wanted.
    func end(with signal: Int32) async {
        send(signal)
        do {
            try await Patience.wait(for: "a child to end") { !isRunning }
        } catch {
            send(SIGKILL)
            process.waitUntilExit()
        }
    }
}
