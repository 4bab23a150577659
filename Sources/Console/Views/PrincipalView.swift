internal import Directory
internal import Governance
internal import Policy
internal import Vocabulary

/// Principals and their keys, as the API tells them.
enum PrincipalView {
    /// A key: everything but its text, which stands in the answer that issues it and nowhere else.
    static let key = Schema.named(
        "Key",
        .object([
            .required("id", .word), .required("principal", .told),
            .required("status", .choice(["active", "expired", "revoked"])), .required("created_at", .moment),
            .optional("expires_at", .moment), .optional("revoked_at", .moment), .optional("label", .told),
            .optional(
                "last_used_at", .moment,
                "When it was used last, to the minute, as the server that is asked knows; not there: never, or long ago."
            ),
            .optional("key", .word, "The key itself, told once."),
        ]))

    /// A principal with its keys.
    static let schema = Schema.named(
        "Principal",
        .object([
            .required("name", .word), .required("owner", .word), .required("classes", .list(.word, max: 1_000)),
            .required("attributes", .list(.told, max: 1_000)), .optional("summary", .told),
            .required("keys", .list(key, max: 100_000)),
        ]))

    /// The form of a key.
    static func json(
        _ key: APIKey, of principal: String, at now: WallTime, text: String? = nil, lastUse: Int32? = nil
    ) -> JSONValue {
        .record([
            "id": .string(key.id), "principal": .string(principal), "status": .string(key.status(at: now).name),
            "created_at": .moment(key.created), "expires_at": .time(key.expires), "revoked_at": .time(key.revoked),
            "label": .text(key.label),
            "last_used_at": lastUse.map { .moment(WallTime(milliseconds: Int64($0) * 60_000)) }, "key": .text(text),
        ])
    }

    /// The form of a principal.
    static func json(_ principal: Principal, at now: WallTime, uses: [String: Int32]) -> JSONValue {
        .record([
            "name": .string(principal.name), "owner": .string(principal.owner.label),
            "classes": .strings(principal.classes), "attributes": .strings(principal.attributes),
            "summary": .text(principal.summary),
            "keys": .array(principal.keys.map { json($0, of: principal.qualifiedName, at: now, lastUse: uses[$0.id]) }),
        ])
    }
}
