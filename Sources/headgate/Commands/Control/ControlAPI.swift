internal import ArgumentParser
internal import Console
internal import Foundation
internal import Journal
internal import Policy

/// What the control API does not do, and why.
struct ControlFailure: Error {
    /// What it says.
    let problem: ProblemText
}

/// Makes calls of the control API for one command.
struct ControlAPI: ControlCaller {
    static let calls = ["confirm"]

    /// Where the API is.
    let place: HTTPPlace
    /// Whether answers are printed for scripts.
    let isJSON: Bool
    private let token: String
    private let authorityFile: String?
    private let readsCode: Bool
    private let patienceSeconds: Int64
    private let calls: Set<String>

    /// An answer.
    struct Answer {
        /// The body; `null` without one.
        let value: Policy.JSONValue
        /// The body as it came.
        let text: String
        /// The entity tag, which says the version of what is told.
        let tag: String?
    }

    /// Finds out whom to ask, and as whom.
    ///
    /// - Parameters:
    ///   - options: what the command line says.
    ///   - calls: the calls that will be made.
    ///   - isQuiet: whether nothing is said where nobody has signed in, and nobody waits for long.
    ///   - environment: what the environment says.
    /// - Throws: an error of validation that says what to write instead.
    init(
        _ options: ControlOptions, calls: [String], isQuiet: Bool = false,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let sessions = try SessionFile.usual(in: environment).read()
        place = try options.place.place(last: sessions.last, environment: environment)
        guard
            let token = environment["HEADGATE_TOKEN"].flatMap({ $0.isEmpty ? nil : $0 })
                ?? sessions.sessions[place.address]?.token
        else {
            guard !isQuiet else { throw ExitCode(1) }
            throw Terminal.fail(
                "error: nobody has signed in at \(place.address)\n"
                    + "  help: headgate sign-in --server \(place.address), or give a token in HEADGATE_TOKEN")
        }
        self.token = token
        authorityFile = options.place.authorities(environment: environment)
        readsCode = options.readsCode
        isJSON = options.json
        patienceSeconds = isQuiet ? 2 : 60
        self.calls = Set(calls).union(ControlAPI.calls)
    }

    /// Makes a call; where it has to be confirmed, asks for that and makes it again.
    ///
    /// - Parameters:
    ///   - id: the name of the call, one of those that the command has said it makes.
    ///   - parameters: what stands in its path.
    ///   - query: its query; what has no value is left out.
    ///   - body: its body.
    ///   - tag: the entity tag that what is changed must still have.
    /// - Returns: the answer.
    /// - Throws: `ControlFailure`, or why the server does not answer.
    @discardableResult
    func call(
        _ id: String, _ parameters: [String: String] = [:], query: [(name: String, value: String?)] = [],
        body: Policy.JSONValue? = nil, tag: String? = nil
    ) async throws -> Answer {
        let route = route(id)
        var exchange = HTTPExchange(
            place: place, method: route.method, target: route.target(parameters, query: query))
        exchange.authorityFile = authorityFile
        exchange.patienceSeconds = patienceSeconds
        exchange.fields = [("Authorization", "Bearer \(token)")]
        if let tag { exchange.fields.append(("If-Match", tag)) }
        if let body {
            exchange.fields.append(("Content-Type", "application/json"))
            exchange.body = Array(body.compact.utf8)
        }
        var answer = try await exchange.answer()
        if answer.status == 403, let challenge = ProblemText(answer).challenge {
            let proof = try await confirm(challenge, route, exchange)
            exchange.fields.append(("Headgate-Proof", proof))
            answer = try await exchange.answer()
        }
        guard answer.isGood else { throw failure(answer) }
        guard !answer.body.isEmpty, answer.field("Content-Type")?.hasPrefix("application/json") == true
        else { return Answer(value: .null, text: answer.text, tag: answer.field("ETag")) }
        guard let value = try? Policy.JSONValue(reading: answer.body) else {
            throw Terminal.fail("error: what answers at \(place.address) is no control API of Headgate")
        }
        return Answer(value: value, text: answer.text, tag: answer.field("ETag"))
    }

    private func route(_ id: String) -> ControlRoute {
        precondition(calls.contains(id), "\(id) is not among the calls that the command says it makes")
        guard let route = ControlRoute.named(id) else { preconditionFailure("there is no call \(id)") }
        return route
    }

    private func failure(_ answer: HTTPExchange.Answer) -> ControlFailure {
        var problem = ProblemText(answer)
        switch problem.code {
        case "unauthenticated": problem.suggestion = "headgate sign-in --server \(place.address)"
        case "stale":
            problem.suggestion = "somebody else has changed it since it was read: look at it again, then repeat this"
        default: break
        }
        return ControlFailure(problem: problem)
    }

    /// Shows what is to be confirmed, and gets a proof for it.
    private func confirm(_ challenge: String, _ route: ControlRoute, _ exchange: HTTPExchange) async throws -> String {
        let said = String(decoding: exchange.body ?? [], as: UTF8.self)
        Terminal.writeError(
            "To be confirmed: \(route.summary)\n  \(route.method) \(exchange.target) \(said.prefix(500))".forTerminal(
                keeping: "\n") + "\n")
        for attempt in 1... {
            let code = try confirmation()
            let body: Policy.JSONValue = ["challenge": .string(challenge), "confirmation": .string(code.text)]
            do {
                let given = try await call("confirm", body: body)
                guard let proof = given.value["proof"]?.text else { break }
                return proof
            } catch let failure as ControlFailure where failure.problem.code == "proof_refused" {
                guard code.isTyped, attempt < 3 else { throw failure }
                Terminal.writeError("That was not it. Each code counts once: wait for the next one.\n")
            }
        }
        throw Terminal.fail("error: \(place.address) gives no proof")
    }

    private func confirmation() throws -> (text: String, isTyped: Bool) {
        if readsCode {
            guard let line = readLine(), !line.isEmpty else {
                throw Terminal.fail("error: standard input has no code: one line")
            }
            return (line, false)
        }
        if let code = ProcessInfo.processInfo.environment["HEADGATE_CODE"], !code.isEmpty { return (code, false) }
        do {
            return (try Prompt.secret("One-time code: "), true)
        } catch {
            throw error.told(
                "this has to be confirmed, and there is no terminal to ask at",
                help: "give the code in one line to --code-stdin, or in HEADGATE_CODE")
        }
    }
}

extension String {
    /// The text for terminals, line by line.
    fileprivate func forTerminal(keeping separator: String) -> String {
        components(separatedBy: separator).map(\.forTerminal).joined(separator: separator)
    }
}
