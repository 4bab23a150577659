internal import ArgumentParser
internal import Foundation

/// Which running server a command talks to: its data plane.
struct ServerOptions: ParsableArguments {
    @Option(help: "Where the server listens.")
    var server = "http://127.0.0.1:8080"
    @Option(
        name: .customLong("gateway-token-file"),
        help: "A file with a gateway token, where the server does not trust this machine anyway.",
        completion: .file())
    var tokenFile: String?
    @Option(
        name: .customLong("ca"),
        help: "A file with the authority that the server's certificate is checked by; by default those of the system.",
        completion: .file())
    var authorityFile: String?

    /// What a server answered.
    struct Answer {
        /// The body as text.
        let text: String

        /// The body as a value.
        func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
            do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
                throw Terminal.fail("error: this is no answer of a headgate server: \(text.prefix(200))")
            }
        }
    }

    func validate() throws { _ = try place() }

    /// Sends one request, and fails with what a problem document says.
    func send(_ method: String, _ path: String, body: Data? = nil) async throws -> Answer {
        var exchange = HTTPExchange(place: try place(), method: method, target: path)
        exchange.authorityFile = authorityFile
        if let token = try token() { exchange.fields.append(("Headgate-Gateway-Token", token)) }
        if let body {
            exchange.fields.append(("Content-Type", "application/json"))
            exchange.body = [UInt8](body)
        }
        let answer: HTTPExchange.Answer
        do { answer = try await exchange.answer() } catch { throw Terminal.fail("error: \(error)") }
        guard answer.isGood else { throw Terminal.fail(ProblemText(answer).text) }
        return Answer(text: answer.text)
    }

    private func place() throws -> HTTPPlace {
        guard let place = HTTPPlace(server) else {
            throw ValidationError("--server: '\(server)' is no address of a server; write http://127.0.0.1:8080")
        }
        return place
    }

    /// The first token of the file, as `serve` reads it.
    private func token() throws -> String? {
        guard let tokenFile else { return nil }
        guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
            throw Terminal.fail("error: \(tokenFile) cannot be read")
        }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        guard let token = lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else {
            throw Terminal.fail("error: \(tokenFile) holds no token")
        }
        return token
    }
}
