import Foundation

/// A child process: its output goes to two files in the test's folder, and `stop` ends it by its own number.
final class ProcessUnderTest {
    private let process = Process()
    private let name: String
    private let folder: TestFolder

    /// Starts a program.
    ///
    /// Messages and the files of the output are called by the name. The output goes to the folder, which is also the
    /// working directory.
    init(_ name: String, _ executable: String, _ arguments: [String], in folder: TestFolder) throws {
        self.name = name
        self.folder = folder
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        let output = try folder.create("\(name).out")
        let errors = try folder.create("\(name).err")
        process.standardOutput = output
        process.standardError = errors
        try withoutBlockedSignals { try process.run() }
        try output.close()
        try errors.close()
    }

    /// Waits until the process accepts connections.
    ///
    /// - Throws: when it ends first, or does not in time; with its output.
    func waitUntilListening(on port: Int) async throws {
        do {
            try await Patience.wait(for: "\(name) to listen on port \(port)") {
                guard process.isRunning else { throw failure("ended with status \(process.terminationStatus)") }
                return await FreePort.isOpen(port)
            }
        } catch let exhausted as Patience.Exhausted {
            throw failure(exhausted.description)
        }
    }

    /// Asks the process to end.
    func askToStop() {
        if process.isRunning { process.terminate() }
    }

    /// Asks the process to end, waits for it, and ends it by force if it does not; harmless when it has ended.
    func stop() async {
        guard process.isRunning else { return }
        process.terminate()
        do {
            try await Patience.wait(for: "\(name) to end") { !process.isRunning }
        } catch {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    /// Runs a program to its end and returns what it printed on standard output.
    ///
    /// - Throws: when it fails, with what it printed.
    static func output(
        of executable: String, _ arguments: [String], in folder: TestFolder
    ) async throws -> String {
        let name = "run-" + UUID().uuidString
        let run = try ProcessUnderTest(name, executable, arguments, in: folder)
        try await Patience.wait(for: "\(executable) to end") { !run.process.isRunning }
        guard run.process.terminationStatus == 0 else {
            throw run.failure("(\(executable) \(arguments)) ended with status \(run.process.terminationStatus)")
        }
        return try String(contentsOfFile: folder.file("\(name).out"), encoding: .utf8)
    }

    private func failure(_ what: String) -> Failure {
        let output = [folder.tail(of: "\(name).out"), folder.tail(of: "\(name).err")].joined(separator: "\n")
        return Failure(name: name, what: what, output: output)
    }

    /// A process did not do what a test needs.
    struct Failure: Error, CustomStringConvertible {
        /// Which process.
        let name: String
        /// What went wrong.
        let what: String
        /// The end of its output.
        let output: String

        var description: String { "\(name) \(what); its output:\n\(output)" }
    }
}
