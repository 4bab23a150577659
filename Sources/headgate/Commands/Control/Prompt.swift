internal import ArgumentParser
internal import Foundation

/// Asks whoever sits at the terminal, also while standard input is something else.
enum Prompt {
    /// What is wrong with asking.
    enum Failure: Error {
        /// Nobody sits there.
        case noTerminal
        /// They have pressed Ctrl-C or Ctrl-D.
        case cancelled
    }

    /// Asks for a secret; without a terminal, says what to do instead.
    ///
    /// `help`: what to do instead.
    static func secret(_ question: String, orElse help: String) throws -> String {
        do throws(Failure) { return try secret(question) } catch {
            throw error.told("there is no terminal to ask at", help: help)
        }
    }

    /// Asks for a line, which is shown while it is typed.
    static func line(_ question: String) throws(Failure) -> String {
        try ask(question, isSecret: false)
    }

    /// Asks for a secret, of which nothing is shown.
    static func secret(_ question: String) throws(Failure) -> String {
        try ask(question, isSecret: true)
    }

    private static func ask(_ question: String, isSecret: Bool) throws(Failure) -> String {
        guard let terminal = FileHandle(forUpdatingAtPath: "/dev/tty") else { throw .noTerminal }
        defer { try? terminal.close() }
        guard isSecret else {
            terminal.write(Data(question.utf8))
            var line: [UInt8] = []
            while let byte = byte(of: terminal), byte != UInt8(ascii: "\n") { line.append(byte) }
            return String(decoding: line, as: UTF8.self)
        }
        let usual = attributes(of: terminal)
        defer {
            set(usual, of: terminal)
            terminal.write(Data("\n".utf8))
        }
        var silent = usual
        // Signals are read as bytes: one that ended the command here would leave the terminal silent.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        set(silent, of: terminal)
        terminal.write(Data(question.utf8))
        return try secret(from: terminal)
    }

    private static func secret(from terminal: FileHandle) throws(Failure) -> String {
        var bytes: [UInt8] = []
        while let byte = byte(of: terminal) {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return String(decoding: bytes, as: UTF8.self)
            case 0x03, 0x04: throw .cancelled
            case 0x08, 0x7F: bytes = Array(String(decoding: bytes, as: UTF8.self).dropLast().utf8)
            case 0x15: bytes = []
            default: bytes.append(byte)
            }
        }
        throw .cancelled
    }

    private static func byte(of terminal: FileHandle) -> UInt8? { (try? terminal.read(upToCount: 1))?.first }

    private static func attributes(of terminal: FileHandle) -> termios {
        var attributes = termios()
        // SAFETY: the structure outlives the call, which fills it.
        unsafe tcgetattr(terminal.fileDescriptor, &attributes)
        return attributes
    }

    private static func set(_ attributes: termios, of terminal: FileHandle) {
        var attributes = attributes
        // SAFETY: the structure outlives the call, which reads it.
        unsafe tcsetattr(terminal.fileDescriptor, TCSAFLUSH, &attributes)
    }
}

extension Prompt.Failure {
    /// The end of a command that could not ask.
    func told(_ problem: String, help: String) -> ExitCode {
        switch self {
        case .cancelled: ExitCode(130)
        case .noTerminal: Terminal.fail("error: \(problem)\n  help: \(help)")
        }
    }
}
