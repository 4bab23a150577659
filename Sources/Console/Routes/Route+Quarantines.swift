internal import Access
internal import Governance
internal import HTTPTypes
internal import Policy
internal import Vocabulary

extension Route {
    private static let quarantine = Schema.named(
        "Quarantine",
        .object([
            .required("id", .word), .required("kind", .word), .required("name", .told), .required("action", .word),
            .required("stage", .word), .optional("rule", .told), .optional("operator", .told),
            .required("reason", .told), .required("since", .moment), .required("until", .moment),
        ]))

    /// Who is in quarantine at this server.
    static let quarantines: [Route] = [
        Route(
            method: .get, path: "/v1/quarantines", id: "listQuarantines", tag: "quarantines",
            summary: "Who is in quarantine at this server.", access: .platform(.readPlatform), query: Parameter.page,
            answer: .json(.page(of: quarantine))
        ) { call in
            let page = try call.page.select(call.desk.quarantine?.quarantines ?? [], key: \.id) { _ in true }
            return .page(page.elements.map(json), next: page.next)
        },
        Route(
            method: .post, path: "/v1/quarantines/{quarantine}/lifting", id: "liftQuarantine", tag: "quarantines",
            summary: "Let somebody out of quarantine at this server.", access: .platform(.writeQuarantine),
            body: .object([.required("reason", .reason)]), answer: .nothing
        ) { call in
            let id = try call.parameter("quarantine")
            guard let desk = call.desk.quarantine, let entry = desk.quarantines.first(where: { $0.id == id }) else {
                throw Problem.unknown("nobody is in quarantine under \(id.quoted) at this server", "quarantine")
            }
            try await call.execute(
                .liftQuarantine(
                    QuarantineFacts(
                        id: id, kind: entry.kind, name: entry.name, reason: try call.body.text("reason"))))
            guard desk.lift(id, at: call.now) else {
                throw Problem.unknown("nobody is in quarantine under \(id.quoted) any more", "quarantine")
            }
            return .done
        },
    ]

    private static func json(_ entry: QuarantineEntry) -> JSONValue {
        .record([
            "id": .string(entry.id), "kind": .string(entry.kind), "name": .string(entry.name),
            "action": .string(entry.action), "stage": .string(entry.stage), "rule": .text(entry.rule),
            "operator": .text(entry.author), "reason": .string(entry.reason), "since": .moment(entry.since),
            "until": .moment(entry.until),
        ])
    }
}
