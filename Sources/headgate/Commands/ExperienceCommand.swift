internal import ArgumentParser
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

    @OptionGroup var server: ServerOptions
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
    }

    func run() async throws {
        let answer = try await server.send("GET", "/v1/experience")
        guard let chosen = try answer.decoded(ExperienceReport.self).windows.first(where: { $0.window == window })
        else { throw Terminal.fail("error: \(server.server) answers nothing for the window \(window)") }
        Terminal.write(json ? answer.text + "\n" : ExperienceTable(window: chosen, kind: latency).text + "\n")
        let isBroken = chosen.tiers.contains { $0.promises.contains { $0.isKept == false } }
        if check, isBroken { throw ExitCode(1) }
    }
}

extension ExperienceTable.Kind: ExpressibleByArgument {}
