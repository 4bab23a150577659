internal import Vocabulary

extension PolicySchema {
    /// One entry of `tests`.
    static var test: SchemaObject {
        SchemaObject([
            SchemaProperty("name", "What the test shows, in free text.", .reference(.line)),
            SchemaProperty("request", "The request.", .object(request), isRequired: true),
            SchemaProperty("expect", "What must hold; at least one thing.", .object(expectation), isRequired: true),
        ])
    }

    private static var request: SchemaObject {
        SchemaObject(target + caller).with {
            $0.needs = [("method", "path"), ("path", "method")]
            $0.further = [
                .init("not", ["required": ["plan", "credential"]]),
                .init("if", ["required": ["descriptor"]]),
                .init(
                    "then",
                    [
                        "not": [
                            "anyOf": [
                                ["required": ["path"]], ["required": ["operation"]], ["required": ["claim"]],
                                ["required": ["attributes"]],
                            ]
                        ]
                    ]),
                .init(
                    "else",
                    [
                        "anyOf": [["required": ["plan"]], ["required": ["credential"]]],
                        "if": ["required": ["operation"]], "then": ["not": ["required": ["path"]]],
                        "else": ["required": ["method", "path"]],
                    ]),
            ]
        }
    }

    private static var descriptor: SchemaObject {
        SchemaObject([
            SchemaProperty("domain", "The domain.", .scalar, examples: ["legacy-edge"], isRequired: true),
            SchemaProperty(
                "entries", "Keys with their values, in order.",
                .list(.list(.scalar, countMin: 2, countMax: 2), countMax: Limit.descriptorKeys),
                examples: [[["remote_address", "10.0.0.7"]]], isRequired: true),
        ])
    }

    private static var target: [SchemaProperty] {
        [
            SchemaProperty("method", "The request's method.", .reference(.line), examples: ["POST"]),
            SchemaProperty(
                "path", "The request's path.", .text(pattern: SchemaPattern.path),
                examples: ["/v1/envelopes/7/signatures"]),
            SchemaProperty(
                "operation", "The operation, instead of method and path.", .reference(.name),
                examples: ["submit-signature"]),
            SchemaProperty(
                "descriptor", "A descriptor of Envoy's rate limit protocol, instead of all these.", .object(descriptor)),
        ]
    }

    private static var caller: [SchemaProperty] {
        [
            SchemaProperty("plan", "The plan of the caller's tenant.", .reference(.name), examples: ["growth"]),
            SchemaProperty(
                "credential", "`unknown`: a caller whom nobody knows.", .choice(["unknown"])),
            SchemaProperty("claim", "The class that the caller claims.", .reference(.className)),
            SchemaProperty(
                "principalClasses", "The classes that the caller is granted.",
                .list(.reference(.className), countMax: Limit.classes, isUnique: true)),
            SchemaProperty(
                "attributes", "Facts about the call that somebody trusted has stated.",
                .mapping(.scalar, countMax: Limit.rules),
                examples: [["workflow.stage": "active"]]),
        ]
    }

    private static var expectation: SchemaObject {
        SchemaObject([
            SchemaProperty("operation", "The operation; `none` if no pattern matches.", .reference(.name)),
            SchemaProperty("class", "The class.", .reference(.className)),
            SchemaProperty("tier", "The tier.", .reference(.name)),
            SchemaProperty("cost", "The cost.", .reference(.cost)),
            SchemaProperty(
                "reason", "Why it is refused before any budget is asked; `none` if it is not.",
                .choice(Reason.allCases.map(\.code) + ["none"])),
            SchemaProperty("stage", "The stage of its class outside of blackouts.", .reference(.stage)),
            SchemaProperty(
                "limit",
                "In a domain with limits of its own: the name of the limit that applies, or its path as "
                    + "`database=users, table`; `none` if no limit does.", .reference(.line), examples: ["audit-writes"]
            ),
        ]).with { $0.oneOf = ["operation", "class", "tier", "cost", "reason", "stage", "limit"] }
    }
}
