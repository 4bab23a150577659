internal import Synchronization
internal import Access
internal import Governance
internal import HTTPTypes
internal import Ledger
internal import Policy
internal import Vocabulary

extension Route {
    private static let operatorSchema = Schema.named(
        "Operator",
        .object([
            .required("name", .word), .required("roles", .list(heldRole, max: 100)), .required("disabled", .flag),
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
            summary: "Give an operator a new password, and take the phone and the recovery codes away.",
            access: .platform(.writeOperators), body: .object([]),
            answer: .json(.object([.required("password", .word, "The password, told once.")]), .created),
            precondition: .honoured, handle: reset),
    ]

    private static func json(_ name: String, _ entry: OperatorEntry) -> JSONValue {
        .record([
            "name": .string(name),
            "roles": .array(entry.facts.roles.map { json(role: $0.role, tenants: $0.tenants) }),
            "disabled": .flag(entry.facts.disabled), "version": .integer(entry.version),
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

    /// The ledger says it first: a change that only the vault knew of would be nobody's.
    @Sendable
    private static func reset(_ call: Call) async throws -> Reply {
        let text = try call.parameter("operator")
        guard let name = OperatorName(text) else { throw Problem.unknown("there is no such operator", "operator") }
        var generator = SystemRandomNumberGenerator()
        let drawn = String(decoding: Crockford.random(count: 24, using: &generator), as: UTF8.self)
        guard let password = Password(drawn) else { throw Problem.invalid("no password could be drawn", "") }
        let hash = try await call.desk.hash(password)
        try await call.execute(.changeCredentials(operatorName: text, CredentialFacts(what: "password")))
        try recorded { () throws(LedgerError) in try call.desk.vault.save(OperatorSecrets(password: hash), of: name) }
        call.desk.stepUp.withLock { $0.removeAll(of: name) }
        return .json(["password": .string(drawn)], .created)
    }
}
