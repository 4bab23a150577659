import Foundation

/// The command line as a user has it: one run of `headgate`, to its end.
struct Command: Sendable {
    /// How the run ended: the exit code.
    let status: Int32
    /// What it wrote to standard output.
    let output: String
    /// What it wrote to standard error.
    let errors: String

    /// Runs `headgate` with arguments and waits for its end.
    ///
    /// `environment` holds variables on top of those of the tests, `input` what the command reads.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", in folder: TestFolder
    ) async throws -> Command {
        let name = "command-" + UUID().uuidString
        let file = try folder.write(input, to: name + ".in")
        let child = try Child(
            name, "/bin/sh", ["-c", #"exec "$0" "$@" < "$HEADGATE_TEST_INPUT""#, try Tool.headgate()] + arguments,
            environment: environment.merging(["HEADGATE_TEST_INPUT": file]) { $1 }, in: folder)
        try await Patience.wait(for: "headgate \(arguments.joined(separator: " ")) to end") { !child.isRunning }
        return Command(status: child.status, output: child.output, errors: child.errors)
    }
}
