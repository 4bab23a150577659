internal import ArgumentParser
internal import Foundation

/// Where the control API is.
struct ControlPlaceOptions: ParsableArguments {
    @Option(
        help: "The control API; without it HEADGATE_SERVER, the server of the last sign-in, or http://127.0.0.1:8081.")
    var server: String?
    @Option(
        name: .customLong("ca"),
        help: "A file with the authority that the server's certificate is checked by; without it HEADGATE_CA.",
        completion: .file())
    var authorityFile: String?

    /// The server that is meant.
    ///
    /// - Parameters:
    ///   - last: the server of the last sign-in.
    ///   - environment: what `HEADGATE_SERVER` is looked for in.
    /// - Returns: where it is.
    /// - Throws: an error of validation for what is no address.
    func place(last: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws -> HTTPPlace {
        let stated = environment["HEADGATE_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
        let text = server ?? stated ?? last ?? "http://127.0.0.1:8081"
        guard let place = HTTPPlace(text) else {
            throw ValidationError("'\(text)' is no address of a server; write http://127.0.0.1:8081")
        }
        guard place.keepsSecrets else {
            throw ValidationError("\(place.address) is another machine, where secrets go by https:// only")
        }
        return place
    }

    /// The authorities that certificates are checked by.
    func authorities(environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        authorityFile ?? environment["HEADGATE_CA"].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// What all commands of the control API take.
struct ControlOptions: ParsableArguments {
    @OptionGroup var place: ControlPlaceOptions
    @Flag(
        name: .customLong("code-stdin"),
        help: "Read the code that confirms from standard input; without it HEADGATE_CODE, or the terminal.")
    var readsCode = false
    @Flag(help: "JSON for scripts.")
    var json = false
}

/// How much of a list.
struct PageOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "At most so many.")
    var limit = 50
    @Flag(help: "All there are.")
    var all = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is at least 1") }
    }
}

/// What makes calls of the control API, and which.
protocol ControlCaller {
    /// The calls, by the names that the table of routes has for them.
    static var calls: [String] { get }
}

/// A command that makes calls of the control API for somebody who has signed in, or by a token.
protocol ControlCommand: AsyncParsableCommand, ControlCaller {
    /// What all of them take.
    var control: ControlOptions { get }
    /// Does what the command is for.
    func run(_ api: ControlAPI) async throws
}

extension ControlCommand {
    func run() async throws {
        do {
            try await run(try ControlAPI(control, calls: Self.calls))
        } catch let failure as ControlFailure {
            throw Terminal.fail(failure.problem.text)
        } catch let problem as HTTPExchange.Problem {
            throw Terminal.fail("error: \(problem)")
        } catch let problem as SessionFile.Problem {
            throw Terminal.fail("error: \(problem)")
        }
    }
}
