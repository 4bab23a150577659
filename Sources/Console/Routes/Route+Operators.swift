internal import Synchronization
internal import Access
internal import Governance
internal import HTTPTypes
internal import Policy
internal import Vocabulary

extension Route {
    private static let operatorSchema = Schema.named(
        "Operator",
        .object([
            .required("name", .word), .required("roles", .list(heldRole, max: 100)), .required("disabled", .flag),
            .optional("let_in_by", .told, "Who has let the operator in, while nobody else has vouched for them."),
            .optional(
                "expected_until", .moment, "Until when the operator can come who was let in and has not come yet."),
            .required("generation", .count, "Of what the operator signs in with: what is vouched for."),
            .required("version", .count), .required("created_at", .moment),
        ]))

    /// Who operates Headgate.
    static let operators: [Route] = [
        Route(
            method: .get, path: "/v1/operators", id: "listOperators", tag: "operators", summary: "Operators by name.",
            access: .platform(.readOperators), query: Parameter.page, answer: .json(.page(of: operatorSchema))
        ) { call in
            let page = try call.page.select(call.registry.operators, key: { $0.key }) { _ in true }
            return .page(page.elements.map { json($0.key, $0.value) }, next: page.next)
        },
        Route(
            method: .get, path: "/v1/operators/{operator}", id: "getOperator", tag: "operators",
            summary: "An operator.", access: .platform(.readOperators), answer: .json(operatorSchema)
        ) { call in try tell(call) },
        Route(
            method: .put, path: "/v1/operators/{operator}", id: "stateOperator", tag: "operators",
            summary: "Make an operator, or state the roles from now on; disable and restore.",
            access: .platform(.grantRoles),
            body: .object([.required("roles", .list(heldRole, max: 20)), .optional("disabled", .flag)]),
            answer: .json(operatorSchema), precondition: .required
        ) { call in
            let name = try call.parameter("operator")
            try call.requireVersion(replacing: call.desk.governor.read { $0.operators[name] != nil })
            let roles = call.body.objects("roles").map { body in
                OperatorFacts.HeldRole(role: body.optionalText("role") ?? "", tenants: body.texts("tenants"))
            }
            try await call.execute(
                .stateOperator(name, OperatorFacts(roles: roles, disabled: call.body.flag("disabled"))))
            return try tell(call)
        },
        Route(
            method: .post, path: "/v1/operators/{operator}/credentials", id: "resetCredentials", tag: "operators",
            summary: "Let an operator in: void what they sign in with, and their sessions and tokens with it.",
            access: .platform(.writeOperators), body: .object([]),
            answer: .json(
                .object([
                    .required(
                        "enrolment", .word,
                        "Signs the operator in as the password, once, to set a password and a phone; told once."),
                    .required("expires_at", .moment),
                ]), .created),
            precondition: .honoured, handle: reset),
        Route(
            method: .post, path: "/v1/operators/{operator}/vouching", id: "vouch", tag: "operators",
            summary: "Stand for it that an operator whom somebody else has let in is that person and nobody else.",
            access: .platform(.writeOperators),
            body: .object([
                .required("generation", .count, "Of what was looked at."),
                .required("reason", .reason, "How it was made sure."),
            ]), answer: .json(operatorSchema), precondition: .honoured
        ) { call in
            try await call.execute(
                .vouch(
                    operatorName: call.parameter("operator"),
                    VouchFacts(
                        generation: call.body.number("generation") ?? 0, reason: call.body.text("reason"))))
            return try tell(call)
        },
    ]

    private static func json(_ name: String, _ entry: OperatorEntry) -> JSONValue {
        .record([
            "name": .string(name),
            "roles": .array(entry.facts.roles.map { json(role: $0.role, tenants: $0.tenants) }),
            "disabled": .flag(entry.facts.disabled), "let_in_by": .text(entry.sponsor),
            "expected_until": .time(entry.enrolment?.expires), "generation": .integer(entry.credentialGeneration),
            "version": .integer(entry.version),
            "created_at": .moment(entry.created),
        ])
    }

    private static func tell(_ call: Call) throws(Problem) -> Reply {
        let name = try call.parameter("operator")
        guard let entry = call.desk.governor.read({ $0.operators[name] }) else {
            throw .unknown("there is no operator \(name.quoted)", "operator")
        }
        return .json(json(name, entry), version: entry.version)
    }

    /// Whoever does it learns what lets the operator in once, and nothing that lasts.
    @Sendable
    private static func reset(_ call: Call) async throws -> Reply {
        let text = try call.parameter("operator")
        guard let name = OperatorName(text) else { throw Problem.unknown("there is no such operator", "operator") }
        var generator = SystemRandomNumberGenerator()
        let secret = EnrolmentSecret(using: &generator)
        let facts = CredentialFacts(resetBy: secret, at: call.now)
        let former = call.desk.governor.read { $0.operators[text]?.secretsMark }
        try await call.execute(.changeCredentials(operatorName: text, facts))
        // What no record names counts for nothing: that it could not be wiped does not matter.
        try? call.desk.vault.forget(name, mark: former)
        call.desk.endAll(of: name)
        call.desk.throttle.withLock { $0.forget(name) }
        return .json(
            .record(["enrolment": .string(secret.text), "expires_at": .time(facts.expires?.moment)]), .created)
    }
}
