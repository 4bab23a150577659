internal import Access
internal import Directory
internal import Governance
internal import HTTPTypes
internal import Journal
internal import Policy
internal import Vocabulary

extension Route {
    /// Principals and keys: of tenants, and those of the platform.
    static let principals: [Route] =
        calls(at: "/v1/tenants/{tenant}", named: "Tenant", Access.tenant)
        + calls(at: "/v1/platform", named: "Platform", Access.platform)

    private static func calls(
        at base: String, named owner: String, _ access: (Permission) -> Access
    ) -> [Route] {
        [
            Route(
                method: .get, path: base + "/principals", id: "listPrincipalsOf\(owner)", tag: "principals",
                summary: "Principals, with their keys.", access: access(.readTenants), query: Parameter.page,
                answer: .json(.page(of: PrincipalView.schema)), handle: list),
            Route(
                method: .get, path: base + "/principals/{principal}", id: "getPrincipalOf\(owner)", tag: "principals",
                summary: "A principal, with its keys.", access: access(.readTenants),
                answer: .json(PrincipalView.schema)
            ) { call in try tell(call) },
            Route(
                method: .put, path: base + "/principals/{principal}", id: "statePrincipalOf\(owner)",
                tag: "principals", summary: "Make a principal, or state what it is from now on.",
                access: access(.writePrincipals),
                body: .object([
                    .optional("classes", .list(.word, max: 100)),
                    .optional("attributes", .list(.text(1...128), max: 64)), .optional("summary", .lines(1...500)),
                ]), answer: .json(PrincipalView.schema), precondition: .required, handle: state),
            Route(
                method: .delete, path: base + "/principals/{principal}", id: "removePrincipalOf\(owner)",
                tag: "principals", summary: "Remove a principal, and its keys with it.",
                access: access(.writePrincipals), answer: .nothing, precondition: .honoured
            ) { call in
                try await call.execute(.removePrincipal(call.owner, name: call.parameter("principal")))
                var reply = Reply.done
                reply.version = call.desk.governor.read { $0.version(of: Registry.stream(of: call.owner)) }
                return reply
            },
            Route(
                method: .post, path: base + "/principals/{principal}/keys", id: "issueKeyOf\(owner)", tag: "keys",
                summary: "Issue a key; with `replaces`, rotate one.", access: access(.issueKeys),
                body: .object([
                    .optional("label", .word), .optional("expires", .moment),
                    .optional("replaces", .text(1...64), "The id of the key that this one replaces."),
                    .optional("overlap_seconds", .number(0...366 * 86_400), "How long the replaced one still holds."),
                ]), answer: .json(PrincipalView.key, .created), precondition: .honoured, handle: issue),
            Route(
                method: .get, path: base + "/keys", id: "listKeysOf\(owner)", tag: "keys", summary: "Keys by id.",
                access: access(.readTenants),
                query: Parameter.page + [
                    Parameter(
                        name: "status", schema: .choice(["active", "expired", "revoked"]), summary: "Of this status.")
                ], answer: .json(.page(of: PrincipalView.key)), handle: listKeys),
            Route(
                method: .post, path: base + "/keys/{key}/revocation", id: "revokeKeyOf\(owner)", tag: "keys",
                summary: "Withdraw a key, at once and for ever.", access: access(.revokeKeys),
                body: .object([.optional("reason", .reason)]), answer: .json(PrincipalView.key),
                precondition: .honoured, handle: revoke),
        ]
    }

    @Sendable
    private static func list(_ call: Call) async throws -> Reply {
        let page = try call.page.select(try call.principals, key: \.name) { _ in true }
        let uses = call.lastUses(of: page.elements.flatMap(\.keys))
        return .page(page.elements.map { PrincipalView.json($0, at: call.now, uses: uses) }, next: page.next)
    }

    @Sendable
    private static func state(_ call: Call) async throws -> Reply {
        let name = try call.parameter("principal")
        let isThere = try call.principals.contains { $0.name == name }
        try call.requireVersion(replacing: isThere)
        try await call.execute(
            .statePrincipal(
                call.owner,
                PrincipalFacts(
                    name: name, classes: call.body.texts("classes") ?? [],
                    attributes: call.body.texts("attributes") ?? [], summary: call.body.optionalText("summary"))))
        return try tell(call)
    }

    private static func tell(_ call: Call) throws(Problem) -> Reply {
        let name = try call.parameter("principal")
        let owner = call.owner
        let found = call.desk.governor.read { registry in
            (registry.principals(of: owner).first { $0.name == name }, registry.version(of: Registry.stream(of: owner)))
        }
        guard let principal = found.0 else {
            throw .unknown("\(owner.label.quoted) has no principal \(name.quoted)", "principal")
        }
        return .json(
            PrincipalView.json(principal, at: call.now, uses: call.lastUses(of: principal.keys)), version: found.1)
    }

    @Sendable
    private static func listKeys(_ call: Call) async throws -> Reply {
        let keys = try call.principals.flatMap { principal in
            principal.keys.map { (key: $0, principal: principal.qualifiedName) }
        }
        let status = call.query["status"]
        let page = try call.page.select(keys, key: { $0.key.id }) {
            status == nil || $0.key.status(at: call.now).name == status
        }
        let uses = call.lastUses(of: page.elements.map(\.key))
        return .page(
            page.elements.map {
                PrincipalView.json($0.key, of: $0.principal, at: call.now, lastUse: uses[$0.key.id])
            }, next: page.next)
    }

    @Sendable
    private static func issue(_ call: Call) async throws -> Reply {
        var generator = SystemRandomNumberGenerator()
        var environment = Credential.Environment.live
        if case .tenant(let name) = call.owner, try call.tenant(name).tenant.isSandbox { environment = .test }
        let credential = Credential(for: environment, using: &generator)
        let facts = KeyFacts(
            id: APIKey.randomID(using: &generator), principal: try call.parameter("principal"),
            hash: call.desk.authenticator.hash(of: credential).description, expires: call.moment("expires"),
            label: call.body.optionalText("label"), replaces: call.body.optionalText("replaces"))
        let overlap = call.body.number("overlap_seconds").map { Nanoseconds($0 * 1_000_000_000) }
        try await call.execute(.issueKey(call.owner, facts, overlap: overlap))
        return try tell(key: facts.id, call, text: credential.text, .created)
    }

    @Sendable
    private static func revoke(_ call: Call) async throws -> Reply {
        let id = try call.parameter("key")
        // The id names a key wherever it is; that it is this owner's is what the caller was admitted for.
        _ = try tell(key: id, call)
        try await call.execute(.revokeKey(id: id, reason: call.body.optionalText("reason")))
        return try tell(key: id, call)
    }

    private static func tell(
        key id: String, _ call: Call, text: String? = nil, _ status: HTTPResponse.Status = .ok
    ) throws(Problem) -> Reply {
        let owner = call.owner
        let found = call.desk.governor.read { registry in
            (registry.key(id), registry.version(of: Registry.stream(of: owner)))
        }
        guard let (keyOwner, principal, key) = found.0, keyOwner == owner else {
            throw .unknown("\(owner.label.quoted) has no key \(id.quoted)", "key")
        }
        return .json(
            PrincipalView.json(
                key, of: principal.qualifiedName, at: call.now, text: text, lastUse: call.lastUses(of: [key])[key.id]),
            status, version: found.1)
    }
}

extension Call {
    /// The minutes in which keys were used last; nothing where that cannot be read, for keys are worth more than that.
    func lastUses(of keys: [APIKey]) -> [String: Int32] {
        guard let usage = desk.usage else { return [:] }
        return (try? usage.store.lastUses(of: keys.map(\.id))) ?? [:]
    }

    /// The principals of whom the path names.
    fileprivate var principals: [Principal] {
        get throws(Problem) {
            let owner = owner
            if case .tenant(let name) = owner { return try tenant(name).principals }
            return desk.governor.read { $0.platform }
        }
    }
}
