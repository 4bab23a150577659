internal import ArgumentParser
internal import Foundation

/// What commands print, and how they fail.
enum Terminal {
    /// Whether standard output shows colours: it is a terminal, and nobody asked for none (no-color.org).
    static var isColoured: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
    }

    /// Whether standard error shows colours.
    static var isErrorColoured: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
    }

    /// Writes to standard output, as it is.
    static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// Writes to standard error, as it is.
    static func writeError(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// Ends the command with a sentence and exit code 1.
    static func fail(_ message: String) -> ExitCode {
        writeError(message.hasSuffix("\n") ? message : message + "\n")
        return ExitCode(1)
    }
}
