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
            let name = try operatorName ?? askName()
            let password = try given("password", "Password: ")
            let device = sessions.devices?[place.address]?[name]
            var answer = try await signIn(at: place, name, password, code: nil, device: device)
            if ProblemText(answer).code == "code_needed" {
                answer = try await signIn(
                    at: place, name, password, code: try given("code in a second line", "One-time code: "),
                    device: device)
            }
            guard answer.isGood else { throw Terminal.fail(ProblemText(answer).text) }
            let session = try? Policy.JSONValue(reading: answer.body)
            guard let token = session?["token"]?.text else {
                throw Terminal.fail("error: what answers at \(place.address) is no control API of Headgate")
            }
            sessions.sessions[place.address] = SessionFile.Entry(operator: name, token: token)
            sessions.last = place.address
            if let device = session?["device"]?.text {
                sessions.devices = sessions.devices ?? [:]
                sessions.devices?[place.address, default: [:]][name] = device
            }
            try file.write(sessions)
            Terminal.writeError("\(name) is signed in at \(place.address).\n")
            if session?["must_enrol"]?.truth == true {
                Terminal.writeError("Now set a password and a phone: headgate credentials enrol\n")
            }
        } catch let problem as HTTPExchange.Problem {
            throw Terminal.fail("error: \(problem)")
        } catch let problem as SessionFile.Problem {
            throw Terminal.fail("error: \(problem)")
        }
    }

    private func signIn(
        at place: HTTPPlace, _ name: String, _ password: String, code: String?, device: String?
    ) async throws -> HTTPExchange.Answer {
        guard let route = ControlRoute.named("signIn") else { preconditionFailure("there is no call signIn") }
        let body = Policy.JSONValue.record([
            "operator": .string(name), "password": .string(password), "code": code.map { .string($0) },
            "bearer": .flag(true), "device": device.map { .string($0) },
        ])
        var exchange = HTTPExchange(place: place, method: route.method, target: route.target([:]))
        exchange.authorityFile = self.place.authorities()
        exchange.fields = [("Content-Type", "application/json")]
        exchange.body = Array(body.compact.utf8)
        return try await exchange.answer()
    }

    private func given(_ what: String, _ question: String) throws -> String {
        guard readsPassword else { return try Prompt.secret(question, orElse: SignInCommand.help) }
        guard let line = readLine(), !line.isEmpty else {
            throw Terminal.fail("error: standard input has no \(what)")
        }
        return line
    }

    private func askName() throws -> String {
        do throws(Prompt.Failure) { return try Prompt.line("Operator: ") } catch {
            throw error.told("there is no terminal to ask at", help: SignInCommand.help)
        }
    }

    private static let help = "give --operator, and the password to --password-stdin"
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
