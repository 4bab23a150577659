internal import HTTPTypes
internal import Access
internal import Directory
internal import Governance
internal import Ledger
internal import Policy
internal import Vocabulary

extension Route {
    private static let entry = Schema.named(
        "Record",
        .object([
            .required("sequence", .count), .required("time", .moment), .required("actor", .told),
            .required("type", .told), .required("stream", .told), .required("version", .count),
            .required("erased", .flag), .optional("payload", .anything, "What the type says; docs/ledger.md."),
        ]))

    private static let filters: [Parameter] = [
        Parameter(name: "actor", schema: .text(1...255), summary: "By this actor: `operator/NAME`."),
        Parameter(name: "tenant", schema: .text(1...128), summary: "About this tenant."),
        Parameter(name: "stream", schema: .text(1...255), summary: "Of this stream."),
        Parameter(name: "type", schema: .text(1...255), summary: "Of this type: `grant.approved`."),
        Parameter(name: "since", schema: .moment, summary: "At this moment or later."),
        Parameter(name: "until", schema: .moment, summary: "Before this moment."),
        Parameter(name: "text", schema: .text(1...200), summary: "With this text in the record, as it is."),
    ]

    /// The ledger.
    static let audit: [Route] = [
        Route(
            method: .get, path: "/v1/audit", id: "searchAudit", tag: "audit",
            summary: "Records, the newest first. That somebody has looked is recorded too.",
            access: .platform(.readAudit), query: Parameter.page + filters, answer: .json(.page(of: entry)),
            handle: search),
        Route(
            method: .get, path: "/v1/audit/{sequence}", id: "getRecord", tag: "audit",
            summary: "One record. That somebody has looked is recorded too.", access: .platform(.readAudit),
            answer: .json(entry)
        ) { call in
            let sequence = try Route.sequence(of: call)
            let query = LedgerQuery(range: sequence..<sequence + 1, limit: 1, isNewestFirst: true)
            let found = try recorded { () throws(LedgerError) in try call.desk.ledger.store.entries(query) }
            guard let record = found.first else {
                throw Problem.unknown("there is no record \(sequence)", "sequence")
            }
            try await call.execute(.readAudit(AuditFacts(what: "record", filter: ["sequence": String(sequence)])))
            return .json(try json(record))
        },
        Route(
            method: .get, path: "/v1/audit/{sequence}/proof", id: "proveRecord", tag: "audit",
            summary: "A proof that the record stands in the ledger (c2sp.org/tlog-proof), to be checked without it.",
            access: .platform(.readAudit), answer: Answer(text: "text/plain; charset=utf-8")
        ) { call in
            let sequence = try Route.sequence(of: call)
            let proof = try recorded { () throws(LedgerError) in
                try LedgerProver(call.desk.ledger.store).proof(of: sequence)
            }
            try await call.execute(.readAudit(AuditFacts(what: "proof", filter: ["sequence": String(sequence)])))
            return Reply(body: .text(proof.description, type: "text/plain; charset=utf-8"))
        },
        Route(
            method: .post, path: "/v1/audit/erasures", id: "eraseRecords", tag: "audit",
            summary: "Erase the contents of records on which nothing rests, for good; proofs stay valid.",
            access: .platform(.eraseRecords),
            body: .object([
                .required("sequences", .list(.count, max: 1_000)),
                .required("reason", .reason, "Why; without what is erased."),
            ]), answer: .nothing, handle: erase),
    ]

    private static func sequence(of call: Call) throws(Problem) -> Int64 {
        let text = try call.parameter("sequence")
        guard let sequence = Int64(text), (0..<Int64.max).contains(sequence) else {
            throw .unknown("there is no record \(text.quoted)", "sequence")
        }
        return sequence
    }

    @Sendable
    private static func erase(_ call: Call) async throws -> Reply {
        let facts = ErasureFacts(
            sequences: call.body.numbers("sequences"), reason: try call.body.text("reason"))
        do {
            try await call.desk.governor.erase(facts, by: call.authority(), at: call.now)
        } catch let error as GovernanceError {
            throw Problem(error)
        }
        return .done
    }

    @Sendable
    private static func search(_ call: Call) async throws -> Reply {
        let store = call.desk.ledger.store
        let size = call.desk.ledger.extent.size
        let page = try call.page
        var upper = size
        if let text = page.after {
            guard let bound = Int64(text), bound >= 0 else {
                throw Problem(.badRequest, "invalid", "this is no cursor of the ledger", member: "cursor")
            }
            upper = min(upper, bound)
        }
        if let moment = call.query["until"].flatMap(Timestamp.moment) {
            upper = min(upper, try firstSequence(at: moment, in: size, store))
        }
        var lower: Int64 = 0
        if let moment = call.query["since"].flatMap(Timestamp.moment) {
            lower = min(upper, try firstSequence(at: moment, in: size, store))
        }
        var query = LedgerQuery(range: lower..<upper, limit: page.limit + 1, isNewestFirst: true)
        query.actor = call.query["actor"]
        query.stream = call.query["stream"] ?? call.query["tenant"].map { "tenant/\($0)" }
        query.type = call.query["type"]
        query.text = call.query["text"]
        try await call.execute(
            .readAudit(AuditFacts(what: "search", filter: call.query.filter { !["limit", "cursor"].contains($0.key) })))
        let found = try recorded { () throws(LedgerError) in try store.entries(query) }
        let told = found.prefix(page.limit)
        let next = found.count > page.limit ? told.last.map { String($0.sequence) } : nil
        return .page(try told.map(json), next: next)
    }

    /// The first record of a moment or later; times never go back along the ledger.
    private static func firstSequence(
        at moment: WallTime, in size: Int64, _ store: any LedgerStore
    ) throws(Problem) -> Int64 {
        try recorded { () throws(LedgerError) in
            try store.size(at: WallTime(milliseconds: moment.milliseconds - 1), in: size)
        }
    }

    private static func json(_ entry: LedgerEntry) throws(Problem) -> JSONValue {
        let record = try recorded { () throws(LedgerError) in try entry.record() }
        let payload: JSONValue? = if let record { JSONValue(try Received(bytes: record.payload)) } else { nil }
        return .record([
            "sequence": .integer(entry.sequence), "time": .moment(entry.time), "actor": .string(entry.actor),
            "type": .string(entry.type), "stream": .string(entry.stream), "version": .integer(entry.version),
            "erased": .flag(record == nil), "payload": payload,
        ])
    }
}

extension JSONValue {
    /// What was received, to be told again; members in the order of their names.
    init(_ value: Received) {
        switch value {
        case .null, .fraction: self = .null
        case .flag(let flag): self = .flag(flag)
        case .number(let number): self = .integer(number)
        case .text(let text): self = .string(text)
        case .list(let values): self = .array(values.map(JSONValue.init))
        case .object(let members):
            self = .object(members.sorted { $0.key < $1.key }.map { Member($0.key, JSONValue($0.value)) })
        }
    }
}
