internal import ArgumentParser
internal import Foundation

/// `headgate health`: how the system behind is, and who tells it.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Show and tell how well the system behind a running server is.",
        subcommands: [ShowCommand.self, TellCommand.self, RetractCommand.self], defaultSubcommand: ShowCommand.self)

    /// `headgate health show`.
    struct ShowCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show what counts now, and what each signal says.")

        @OptionGroup var server: ServerOptions
        @Flag(help: "JSON, as the server answers it.")
        var json = false

        func run() async throws {
            let answer = try await server.send("GET", "/v1/health")
            Terminal.write(json ? answer.text + "\n" : try answer.decoded(HealthReport.self).text)
        }
    }

    /// `headgate health tell`.
    struct TellCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tell", abstract: "Tell a signal of the policy: a word or a number, for a time.")

        @OptionGroup var server: ServerOptions
        @Argument(help: "The signal, as the policy names it.")
        var signal: String
        @Argument(
            help: "spare, steady, stressed or overloaded; or a whole number, where the policy gives it a meaning.")
        var value: String
        @Option(name: .customLong("for"), help: "For how many seconds it counts.")
        var seconds: Int64 = 60

        func run() async throws {
            let word = try HealthCommand.quoted(value)
            let member = Int64(value) == nil ? "\"state\":\(word)" : "\"number\":\(value)"
            let body = Data("{\(member),\"seconds\":\(seconds)}".utf8)
            let answer = try await server.send("PUT", try HealthCommand.path(of: signal), body: body)
            Terminal.write(try answer.decoded(HealthReport.self).text)
        }
    }

    /// `headgate health retract`.
    struct RetractCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retract", abstract: "Take a signal back: from now on nobody tells it.")

        @OptionGroup var server: ServerOptions
        @Argument(help: "The signal.")
        var signal: String

        func run() async throws {
            let answer = try await server.send("DELETE", try HealthCommand.path(of: signal))
            Terminal.write(try answer.decoded(HealthReport.self).text)
        }
    }

    /// Names of policies need no escaping in a path; anything else is none.
    private static func path(of signal: String) throws -> String {
        guard !signal.isEmpty, signal.utf8.allSatisfy(isPlain) else {
            throw ValidationError("'\(signal)' is no name of a signal")
        }
        return "/v1/health/\(signal)"
    }

    private static func quoted(_ word: String) throws -> String {
        guard word.utf8.allSatisfy(isPlain) else { throw ValidationError("'\(word)' is neither a word nor a number") }
        return "\"\(word)\""
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
