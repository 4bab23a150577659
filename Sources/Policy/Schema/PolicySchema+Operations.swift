extension PolicySchema {
    /// One entry of `operations`.
    static var operation: SchemaObject {
        SchemaObject(matching + weighing)
    }

    private static var matching: [SchemaProperty] {
        [
            SchemaProperty(
                "match",
                "Which requests it is: a method (or `ANY`), a space, and a path with `{parameters}`, and `**` at "
                    + "the end for any number of segments. One pattern, or a list. Without it, callers name the "
                    + "operation.",
                .oneOrMore(.text(pattern: SchemaPattern.call), countMax: Limit.patterns),
                examples: ["POST /v1/envelopes/{id}/signatures", "GET /v1/exports/**"]),
            SchemaProperty("description", "What the operation does, in free text.", .reference(.text)),
            SchemaProperty(
                "feature", "The feature that a tenant's plan must have.", .reference(.name), examples: ["bulk-send"]),
            SchemaProperty(
                "idempotent",
                "Whether repeats are recognised by their `Idempotency-Key`: `required` refuses calls without one, "
                    + "`none` ignores keys.", .choice(["required", "optional", "none"]), standard: "optional"),
        ]
    }

    private static var weighing: [SchemaProperty] {
        [
            SchemaProperty(
                "cost", "Cost units that one call takes from every budget.", .reference(.cost),
                examples: [20], standard: 1),
            SchemaProperty(
                "seats", "Seats that one call takes while it runs.", .wholeNumber(1...Limit.weight),
                examples: [4], standard: 1),
            SchemaProperty(
                "tier", "The tier of its work. Without it, the tier of the class holds.", .reference(.tierName),
                examples: ["critical"]),
            SchemaProperty(
                "class", "The class of its work, unless the caller is granted another one and claims it.",
                .reference(.className), examples: ["export"]),
            SchemaProperty(
                "when", "Rules on attributes; the first whose conditions all hold decides.",
                .list(.reference(.rule), countMax: Limit.rules),
                examples: [[["workflow.stage": "dormant", "tier": "best-effort"]]]),
        ]
    }

    /// One entry of `when`.
    static var rule: SchemaObject {
        SchemaObject([
            SchemaProperty("tier", "The tier instead.", .reference(.tierName)),
            SchemaProperty("class", "The class instead.", .reference(.className)),
            SchemaProperty("cost", "The cost instead.", .reference(.cost)),
        ]).with {
            $0.others = (attributeKey, .oneOrMore(.scalar, countMax: Limit.rules))
            $0.oneOf = ["tier", "class", "cost"]
        }
    }

    /// A name that is not one of the results of a rule.
    private static let attributeKey = "^(?!(?:tier|class|cost)$)" + SchemaPattern.name.dropFirst()
}
