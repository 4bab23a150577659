internal import HTTPTypes
internal import Access
internal import Policy

extension Route {
    /// What stands beside everything.
    static let general: [Route] = [
        Route(
            method: .get, path: "/healthz", id: "health", tag: "general", summary: "Whether the server runs.",
            access: .anybody, answer: Answer(text: "text/plain; charset=utf-8")
        ) { _ in Reply(body: .text("ok\n", type: "text/plain; charset=utf-8")) },
        Route(
            method: .get, path: "/openapi.json", id: "document", tag: "general", summary: "This document.",
            access: .anybody, answer: .json(.anything)
        ) { _ in .json(ControlDocument.json) },
        Route(
            method: .get, path: "/v1/me", id: "me", tag: "general", summary: "Who the caller is and what they may do.",
            access: .operatorsThemselves(byToken: true),
            answer: .json(
                .object([
                    .required("operator", .word),
                    .required("roles", .list(heldRole, max: Role.allCases.count)),
                    .optional("scopes", .list(.choice(scopeNames), max: TokenScope.allCases.count)),
                    .required("permissions", .list(.choice(permissionNames), max: Permission.allCases.count)),
                ]))
        ) { call in
            let authority = try call.authority()
            let permissions = Permission.allCases.filter { authority.reach(of: $0) != .nowhere }
            return .json(
                .record([
                    "operator": .string(authority.name.text),
                    "roles": .array(
                        authority.grants.sorted { $0.role.rawValue < $1.role.rawValue }.map { grant in
                            json(role: grant.role.rawValue, tenants: grant.tenants?.sorted())
                        }),
                    "scopes": authority.scopes.map { .strings($0.map(\.rawValue).sorted()) },
                    "permissions": .strings(permissions.map(\.rawValue)),
                ]))
        },
    ]

    /// A role, and for which tenants.
    static let heldRole = Schema.named(
        "HeldRole",
        .object([
            .required("role", .choice(Role.allCases.map(\.rawValue))),
            .optional("tenants", .list(.text(1...128), max: 10_000), "Of a role that is held for certain tenants."),
        ]))

    /// The form of a role.
    static func json(role: String, tenants: [String]?) -> JSONValue {
        .record(["role": .string(role), "tenants": tenants.map { .strings($0) }])
    }

    /// The names of scopes.
    static let scopeNames = TokenScope.allCases.map(\.rawValue)
    /// The names of permissions.
    static let permissionNames = Permission.allCases.map(\.rawValue)
}
