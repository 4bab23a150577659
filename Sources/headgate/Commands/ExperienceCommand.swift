internal import ArgumentParser
internal import Foundation
internal import Gateway

/// `headgate experience`: what customers have felt of late, beside what their tiers promise.
struct ExperienceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experience",
        abstract: "Show what customers feel: waits and latencies, beside what tiers promise.",
        discussion: """
            Asks a running server, which has measured what went through its proxy or was admitted over its API, for \
            percentiles by tier, class and operation. Exits with 1 while a promise is broken if --check is given.
            """)

    @Option(help: "The server.")
    var server = "http://127.0.0.1:8080"
    @Option(help: "A file with a gateway token, for servers that do not trust this machine.")
    var gatewayTokenFile: String?
    @Option(help: "How far to look back: 1m, 10m or 1h.")
    var window = "10m"
    @Option(help: "Which latency: end-to-end, queue-wait or upstream.")
    var latency = ExperienceTable.Kind.endToEnd
    @Flag(help: "Fail while a promise is broken.")
    var check = false
    @Flag(help: "The server's answer as it is: JSON, all windows.")
    var json = false

    func validate() throws {
        guard ["1m", "10m", "1h"].contains(window) else { throw ValidationError("--window is 1m, 10m or 1h") }
        _ = try place()
    }

    func run() async throws {
        let body: String
        do {
            body = try await PlainRequest(place: try place(), path: "/v1/experience", token: try token()).answer()
        } catch let problem as PlainRequest.Problem {
            throw Terminal.fail("error: \(problem.description)")
        }
        guard let report = try? JSONDecoder().decode(ExperienceReport.self, from: Data(body.utf8)),
            let chosen = report.windows.first(where: { $0.window == window })
        else { throw Terminal.fail("error: \(server) answers something else than what customers feel") }
        Terminal.write(json ? body + "\n" : ExperienceTable(window: chosen, kind: latency).text + "\n")
        let isBroken = chosen.tiers.contains { $0.promises.contains { $0.isKept == false } }
        if check, isBroken { throw ExitCode(1) }
    }

    private func place() throws -> PlainRequest.Place {
        guard let place = PlainRequest.Place(server) else {
            throw ValidationError(
                "--server: '\(server)' is no address of a server in the clear; write http://127.0.0.1:8080")
        }
        return place
    }

    /// The first token of the file, as `serve` reads it.
    private func token() throws -> String? {
        guard let gatewayTokenFile else { return nil }
        guard let text = try? String(contentsOfFile: gatewayTokenFile, encoding: .utf8) else {
            throw Terminal.fail("error: \(gatewayTokenFile) cannot be read")
        }
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let token = lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else {
            throw Terminal.fail("error: \(gatewayTokenFile) holds no token")
        }
        return token
    }
}

extension ExperienceTable.Kind: ExpressibleByArgument {}
