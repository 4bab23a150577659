extension PolicySchema {
    /// One entry of `descriptors`.
    static var domain: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "keys",
                "What the value of each descriptor key says, so that a descriptor is a call with tenant, operation and "
                    + "class. Keys that are not listed say nothing.",
                .mapping(meaning, keys: SchemaPattern.descriptorKey, countMax: Limit.descriptorKeys),
                examples: [["api_key": "credential", "method": "method", "path": "path"]]),
            SchemaProperty(
                "limits",
                "Limits that count by keys and values alone, as Envoy's reference rate limit service does.",
                .list(.reference(.descriptorLimit), countMax: Limit.descriptorLimits)),
        ]).with {
            $0.oneOf = ["keys", "limits"]
            $0.isOneOfExclusive = true
        }
    }

    /// What a key says: a word, or an attribute.
    private static var meaning: SchemaNode {
        .either([
            .choice(PolicyDocument.Domain.Key.words.map(\.word)),
            .object(
                SchemaObject([
                    SchemaProperty(
                        "attribute", "The attribute that rules of operations look at.", .reference(.name),
                        examples: ["workflow.stage"], isRequired: true)
                ])),
        ])
    }

    /// One entry of `limits`.
    static var descriptorLimit: SchemaObject {
        SchemaObject(step + allowance + effect).with {
            $0.oneOf = ["rate", "requests", "unlimited", "limits"]
            $0.needs = [("burst", "rate"), ("requests", "unit"), ("unit", "requests")]
        }
    }

    private static var step: [SchemaProperty] {
        [
            SchemaProperty(
                "key", "The key of the descriptor's entry.", .scalar, examples: ["remote_address"], isRequired: true),
            SchemaProperty(
                "value",
                "Its value: exactly, or with `*` for any characters. Without it, all values that nothing else at this "
                    + "level takes.", .scalar, examples: ["users", "audit*"]),
            SchemaProperty(
                "shared", "Whether all values have one counter together instead of one each.", .flag, standard: false),
            SchemaProperty(
                "limits", "Limits on the next entry of the descriptor.",
                .list(.reference(.descriptorLimit), countMax: Limit.descriptorLimits)),
        ]
    }

    private static var allowance: [SchemaProperty] {
        [
            SchemaProperty("rate", "How much may go through.", .reference(.rate), examples: ["500/s"]),
            SchemaProperty(
                "burst", "How many may come at once. Without it, the amount of the rate.", .reference(.burst)),
            SchemaProperty(
                "requests", "How many per `unit` may go through; 0 lets nothing through.",
                .wholeNumber(0...Limit.requests), examples: [5000]),
            SchemaProperty(
                "unit",
                "`second` to `day` flow in evenly, as a rate does; `week`, `month` and `year` begin at 00:00 UTC.",
                .choice(PolicyDocument.DescriptorLimit.unitWords.map(\.word))),
            SchemaProperty("unlimited", "Whether everything goes through.", .flag, standard: false),
        ]
    }

    private static var effect: [SchemaProperty] {
        [
            SchemaProperty("stage", "How far the limit is enforced.", .reference(.stage), standard: "enforce"),
            SchemaProperty(
                "name", "The name by which other limits of the domain may replace it.", .reference(.name),
                examples: ["audit-writes"]),
            SchemaProperty(
                "replaces", "Limits that do not count in a call to which this one applies.",
                .list(.reference(.name), countMax: Limit.replacedLimits, isUnique: true)),
        ]
    }
}
