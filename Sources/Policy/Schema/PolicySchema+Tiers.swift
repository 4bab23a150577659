extension PolicySchema {
    /// One entry of `tiers`.
    static var tier: SchemaObject {
        SchemaObject([
            SchemaProperty("name", "The tier's name.", .reference(.tierName), examples: ["critical"], isRequired: true),
            SchemaProperty(
                "reserve",
                "The share of the service's and of each region's baseline that only this tier may use. A tier "
                    + "without a reserve is not protected during overload.", .reference(.percentage),
                examples: ["40%"]),
            SchemaProperty(
                "holdback",
                "The share of the shared pool that this tier must leave to more protected ones. Without it, the "
                    + "shares rise "
                    + "evenly from 0% for the first tier to 50% for the last.", .reference(.percentage),
                examples: ["25%"]),
            SchemaProperty(
                "nearMiss",
                "A near miss: less than this share of the tier's reserve is left to it. 10% unless stated; with 0% "
                    + "only refusals are one.", .reference(.percentage), examples: ["20%"]),
            SchemaProperty(
                "concurrency", "The share of the seats that this tier may hold at most.",
                .text(pattern: SchemaPattern.positivePercentage), examples: ["20%"]),
            SchemaProperty(
                "tenantShare", "The share of the seats that one tenant may hold in this tier.",
                .text(pattern: SchemaPattern.positivePercentage), examples: ["25%"], standard: "100%"),
            SchemaProperty(
                "kept",
                "The share of the tier's reserve of seats that nobody else is lent, so that it is there at once. "
                    + "Without it, `10%` if the tier has a queue, and `100%` if it has none.", .reference(.percentage),
                examples: ["25%"]),
            SchemaProperty(
                "floor", "The share of what starts that this tier is given even while more protected work waits.",
                .reference(.percentage), examples: ["2%"], standard: "1%"),
            SchemaProperty(
                "queue",
                "How many requests of this tier may wait for a seat, and how long each. Without it, none waits.",
                .object(queue)),
            SchemaProperty(
                "latency", "The latency this tier promises, by percentile: `p50`, `p95`, `p99.9`.",
                .mapping(.reference(.duration), keys: SchemaPattern.percentile, countMax: 16),
                examples: [["p95": "50ms"]]),
            SchemaProperty("description", "What the tier is for, in free text.", .reference(.text)),
        ])
    }

    private static var queue: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "depth", "How many requests may wait.", .wholeNumber(1...Limit.waiting), examples: [200],
                isRequired: true),
            SchemaProperty(
                "wait", "How long one request may wait.", .reference(.duration), examples: ["500ms"], isRequired: true),
            SchemaProperty(
                "perTenant", "How many requests of one tenant may wait. Without it, as many as of all.",
                .wholeNumber(1...Limit.waiting), examples: [50]),
        ])
    }

    /// A budget: `service`, an entry of `regions`, `tenant` of a plan.
    static var budget: SchemaObject {
        SchemaObject([
            SchemaProperty("rate", "The ceiling, the same at all times.", .reference(.rate), examples: ["300/s"]),
            SchemaProperty(
                "envelope", "Three rising ceilings, between which the health of the system picks.", .object(envelope)),
            SchemaProperty(
                "burst", "How many cost units may come at once. Without it, what flows in during one period.",
                .reference(.burst), examples: [600]),
        ]).with {
            $0.oneOf = ["rate", "envelope"]
            $0.isOneOfExclusive = true
        }
    }

    private static var envelope: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "baseline", "What always holds, also under stress.", .reference(.rate), examples: ["4000/s"],
                isRequired: true),
            SchemaProperty(
                "burst", "What holds while the system is steady.", .reference(.rate), examples: ["5000/s"],
                isRequired: true),
            SchemaProperty(
                "overload", "What holds while there is capacity to spare.", .reference(.rate), examples: ["6000/s"],
                isRequired: true),
        ])
    }
}
