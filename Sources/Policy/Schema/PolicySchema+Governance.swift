extension PolicySchema {
    /// The section `governance`.
    static var governance: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "exemption", "What an exemption may be.",
                .object(
                    SchemaObject([
                        SchemaProperty("factor", "By how much it multiplies at most.", .factor, standard: 3),
                        SchemaProperty("length", "How long it lasts at most.", .reference(.duration), standard: "30d"),
                    ]))),
            SchemaProperty("trial", "How long a trial lasts at most.", .reference(.duration), standard: "30d"),
            SchemaProperty(
                "factor", "How many times what the plan says anybody may have, all grants together.", .factor,
                standard: 10),
            SchemaProperty(
                "review", "After how long somebody looks at an override without an end again.", .reference(.duration),
                standard: "366d"),
            SchemaProperty(
                "plans", "Narrower bounds for the tenants of single plans.",
                .mapping(
                    .object(
                        SchemaObject([
                            SchemaProperty("factor", "How many times what this plan says.", .factor),
                            SchemaProperty("review", "After how long somebody looks again.", .reference(.duration)),
                            SchemaProperty(
                                "exceptions", "How many of its tenants may have grants at once.",
                                .wholeNumber(Limit.exceptions)),
                        ])), countMax: Limit.plans)),
        ])
    }
}
