internal import ArgumentParser
internal import Gateway
internal import Journal
internal import Vocabulary

/// `headgate journal`: the decisions, newest last, as a table or as JSON lines.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "List or follow the decisions that were kept.",
        discussion: """
            Every decision that was not a plain admit is kept; of plain admits one in a hundred is. Works while the \
            server runs, and after it stopped.
            """)

    @OptionGroup var folder: DataOptions
    @Option(help: "Only of this tenant.")
    var tenant: String?
    @Option(help: "Only of this principal.")
    var principal: String?
    @Option(name: .customLong("class"), help: "Only of this class.")
    var trafficClass: String?
    @Option(help: "Only of this operation.")
    var operation: String?
    @Option(help: "Only of this tier.")
    var tier: String?
    @Option(help: "Only with this reason, such as tenant_ceiling.")
    var reason: String?
    @Option(help: "Only with this outcome: admit, throttle, shed, block.")
    var outcome: String?
    @Option(help: "Not before: a moment, or how long ago, such as 10m or 2h.")
    var since: String?
    @Option(help: "Before: a moment, or how long ago.")
    var until: String?
    @Option(name: .shortAndLong, help: "At most so many.")
    var limit = 50
    @Flag(name: .shortAndLong, help: "Go on with what is decided from now on, until interrupted.")
    var follow = false
    @Flag(help: "Only decisions with which a protected lane came too close to its boundary, and which lane that was.")
    var nearMisses = false
    @Flag(help: "Counts by class, outcome and reason instead of a list.")
    var summary = false
    @Flag(help: "JSON, one object a line.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is at least 1") }
        guard !(follow && summary) else { throw ValidationError("--follow and --summary exclude each other") }
        let filters = [tenant, principal, trafficClass, operation, tier, reason, outcome]
        guard !summary || filters.allSatisfy({ $0 == nil }) && !nearMisses else {
            throw ValidationError("--summary counts all decisions; it goes with --since and --until only")
        }
        _ = try query()
    }

    func run() async throws {
        let query = try query()
        do {
            if summary { return try summarise(query) }
            if follow { return try await follow(query) }
            let reader = try JournalReader(folder: folder.data)
            let records = try reader.records(query)
            if !json, !records.isEmpty { writeHeader() }
            for record in records.reversed() { write(record) }
            if records.isEmpty { Terminal.writeError(nearMisses ? "no near miss matches\n" : "no decision matches\n") }
        } catch let error as JournalError {
            throw Terminal.fail("error: \(error.description)")
        }
    }

    private func query() throws -> JournalQuery {
        let now = WallTime.now()
        var query = JournalQuery()
        query.tenant = tenant
        query.principal = principal
        query.trafficClass = trafficClass
        query.operation = operation
        query.tier = tier
        query.nearMissesOnly = nearMisses
        query.limit = limit
        query.since = try since.map { try Moments.past($0, now: now) }
        query.until = try until.map { try Moments.past($0, now: now) }
        query.reason = try reason.map { code in
            guard let reason = Reason(code: code) else {
                let codes = Reason.allCases.map(\.code).joined(separator: ", ")
                throw ValidationError("there is no reason '\(code)'; the reasons are \(codes)")
            }
            return reason
        }
        query.outcome = try outcome.map { name in
            guard let outcome = Outcome.allCases.first(where: { $0.name == name }) else {
                let names = Outcome.allCases.map(\.name).joined(separator: ", ")
                throw ValidationError("there is no outcome '\(name)'; the outcomes are \(names)")
            }
            return outcome
        }
        return query
    }

    private func summarise(_ query: JournalQuery) throws {
        let reader = try JournalReader(folder: folder.data)
        let counts = try reader.counts(since: query.since, until: query.until)
        let summary = JournalSummary(counts: counts, extent: try reader.extent())
        Terminal.write((json ? summary.json.compact : summary.text) + "\n")
    }

    private func follow(_ query: JournalQuery) async throws {
        var follower = try JournalFollower(folder: folder.data, query: query, backlog: min(limit, 20))
        if !json { writeHeader() }
        while !Task.isCancelled {
            let step = try follower.next()
            if step.missed > 0 {
                Terminal.writeError("(\(step.missed) decisions were removed by retention before they could be shown)\n")
            }
            step.records.forEach(write)
            if !step.hasMore { try await Task.sleep(for: .milliseconds(250)) }
        }
    }

    private func write(_ record: DecisionRecord) {
        let lines =
            json
            ? [record.json.compact] : nearMisses ? NearMissTable.lines(record) : [JournalTable.line(record)]
        for line in lines { Terminal.write(line + "\n") }
    }

    private func writeHeader() { Terminal.write((nearMisses ? NearMissTable.header : JournalTable.header) + "\n") }
}

/// Where the data folder is.
struct DataOptions: ParsableArguments {
    /// The folder when none is named.
    static let standard = ".headgate"

    @Option(help: "The server's data folder.", completion: .directory)
    var data = DataOptions.standard
}
