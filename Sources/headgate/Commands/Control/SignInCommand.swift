internal import ArgumentParser
internal import Console
internal import Foundation
internal import Policy

/// `headgate sign-in`: who acts from now on.
struct SignInCommand: AsyncParsableCommand, ControlCaller {
    static let configuration = CommandConfiguration(
        commandName: "sign-in", abstract: "Sign in at a control API, for the commands that come.",
        discussion: """
            Asks for name, password and one-time code. The session is kept in headgate/sessions.json in the folder of \
            settings (XDG_CONFIG_HOME, or .config at home), which only its owner can read. It ends after half an hour \
            without use, and in any case after twelve hours.

            Automation gives a token in HEADGATE_TOKEN instead; 'headgate token issue' makes one.
            """)
    static let calls = ["signIn"]

    @OptionGroup var place: ControlPlaceOptions
    @Option(name: .customLong("operator"), help: "Who signs in; without it, the terminal is asked.")
    var operatorName: String?
    @Flag(
        name: .customLong("password-stdin"),
        help: "Read the password from standard input and, from a second line, the code where one is needed.")
    var readsPassword = false

    func run() async throws {
        let file = SessionFile.usual(in: ProcessInfo.processInfo.environment)
        do {
            var sessions = try file.read()
            let place = try place.place(last: sessions.last)
            let name = try operatorName ?? ask { () throws(Prompt.Failure) in try Prompt.line("Operator: ") }
            let password = try given("password", "Password: ")
            var answer = try await signIn(at: place, name, password, code: nil)
            if ProblemText(answer).code == "code_needed" {
                answer = try await signIn(
                    at: place, name, password, code: try given("code in a second line", "One-time code: "))
            }
            guard answer.isGood else { throw Terminal.fail(ProblemText(answer).text) }
            guard let token = (try? Policy.JSONValue(reading: answer.body))?["token"]?.text else {
                throw Terminal.fail("error: what answers at \(place.address) is no control API of Headgate")
            }
            sessions.sessions[place.address] = SessionFile.Entry(operator: name, token: token)
            sessions.last = place.address
            try file.write(sessions)
            Terminal.writeError("\(name) is signed in at \(place.address).\n")
        } catch let problem as HTTPExchange.Problem {
            throw Terminal.fail("error: \(problem)")
        } catch let problem as SessionFile.Problem {
            throw Terminal.fail("error: \(problem)")
        }
    }

    private func signIn(
        at place: HTTPPlace, _ name: String, _ password: String, code: String?
    ) async throws -> HTTPExchange.Answer {
        guard let route = ControlRoute.named("signIn") else { preconditionFailure("there is no call signIn") }
        let body = Policy.JSONValue.record([
            "operator": .string(name), "password": .string(password), "code": code.map { .string($0) },
            "bearer": .flag(true),
        ])
        var exchange = HTTPExchange(place: place, method: route.method, target: route.target([:]))
        exchange.authorityFile = self.place.authorities()
        exchange.fields = [("Content-Type", "application/json")]
        exchange.body = Array(body.compact.utf8)
        return try await exchange.answer()
    }

    private func given(_ what: String, _ question: String) throws -> String {
        guard readsPassword else { return try ask { () throws(Prompt.Failure) in try Prompt.secret(question) } }
        guard let line = readLine(), !line.isEmpty else {
            throw Terminal.fail("error: standard input has no \(what)")
        }
        return line
    }

    private func ask(_ question: () throws(Prompt.Failure) -> String) throws -> String {
        do { return try question() } catch {
            switch error {
            case .cancelled: throw ExitCode(130)
            case .noTerminal:
                throw Terminal.fail(
                    "error: there is no terminal to ask at\n"
                        + "  help: give --operator, and the password to --password-stdin")
            }
        }
    }
}

/// `headgate sign-out`: the end of that.
struct SignOutCommand: AsyncParsableCommand, ControlCaller {
    static let configuration = CommandConfiguration(
        commandName: "sign-out", abstract: "End the session at a control API, there and here.")
    static let calls = ["signOut"]

    @OptionGroup var place: ControlPlaceOptions

    func run() async throws {
        let file = SessionFile.usual(in: ProcessInfo.processInfo.environment)
        do {
            var sessions = try file.read()
            let place = try place.place(last: sessions.last)
            guard let entry = sessions.sessions.removeValue(forKey: place.address) else {
                return Terminal.writeError("Nobody was signed in at \(place.address).\n")
            }
            if sessions.last == place.address { sessions.last = nil }
            try file.write(sessions)
            guard let route = ControlRoute.named("signOut") else { preconditionFailure("there is no call signOut") }
            var exchange = HTTPExchange(place: place, method: route.method, target: route.target([:]))
            exchange.authorityFile = self.place.authorities()
            exchange.fields = [("Authorization", "Bearer \(entry.token)")]
            let answer = try await exchange.answer()
            guard answer.isGood || answer.status == 401 else { throw Terminal.fail(ProblemText(answer).text) }
            Terminal.writeError("\(entry.operator) is signed out at \(place.address).\n")
        } catch let problem as HTTPExchange.Problem {
            throw Terminal.fail("error: \(problem); the session is forgotten here, and ends there by itself")
        } catch let problem as SessionFile.Problem {
            throw Terminal.fail("error: \(problem)")
        }
    }
}

/// `headgate whoami`: who acts, and what they may do.
struct WhoAmICommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show who is signed in, and what they may do.")
    static let calls = ["me"]

    @OptionGroup var control: ControlOptions

    func run(_ api: ControlAPI) async throws { try await api.tell("me") }
}
