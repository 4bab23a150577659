internal import Vocabulary

extension PolicySchema {
    /// One entry of `plans`.
    static var plan: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "tenant", "What one tenant of the plan may use in all.", .reference(.budget),
                examples: [["rate": "300/s", "burst": 600]], isRequired: true),
            SchemaProperty(
                "classes", "What each class gets of that.", .mapping(.reference(.lane), countMax: Limit.classes),
                examples: [["repair": ["guarantee": "30/s"]]]),
            SchemaProperty(
                "operations", "Limits on single operations.",
                .mapping(.object(operationBudget), countMax: Limit.operations),
                examples: [["export": ["rate": "40/min"]]]),
            SchemaProperty(
                "quotas", "Calendar allowances; periods begin at 00:00 in the plan's time zone.", .object(quotas)),
            SchemaProperty(
                "timeZone",
                "The time zone of the calendar by which quotas and use are counted. Without it, that of "
                    + "`defaults`.", .reference(.timeZone), examples: ["Europe/Berlin"]),
            SchemaProperty(
                "features", "What tenants of this plan may use.",
                .list(.reference(.name), countMax: Limit.features, isUnique: true), examples: [["webhooks"]]),
            SchemaProperty(
                "weight", "How much of the seats a tenant of this plan is to have beside others.",
                .wholeNumber(1...Limit.weight), examples: [4], standard: 1),
            SchemaProperty("description", "Whom the plan is for, in free text.", .reference(.text)),
        ])
    }

    /// The lane of a class in a plan.
    static var lane: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "guarantee", "A rate of its own that no other class can spend.", .reference(.rate), examples: ["30/s"]),
            SchemaProperty(
                "burst", "How many cost units of the guarantee may come at once. Without it, the amount of the rate.",
                .reference(.burst)),
            SchemaProperty(
                "ceiling", "The limit on all the class spends, borrowed or its own.", .reference(.rate),
                examples: ["60/s"]),
            SchemaProperty(
                "ceilingBurst",
                "How many cost units of the ceiling may come at once. Without it, the amount of the rate.",
                .reference(.burst)),
        ]).with {
            $0.oneOf = ["guarantee", "ceiling"]
            $0.needs = [("burst", "guarantee"), ("ceilingBurst", "ceiling")]
        }
    }

    private static var operationBudget: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "rate", "Cost units that a tenant may spend on the operation.", .reference(.rate), examples: ["40/s"],
                isRequired: true),
            SchemaProperty(
                "burst", "How many of them may come at once. Without it, the amount of the rate.",
                .reference(.burst)),
        ])
    }

    private static var quotas: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "requests", "Requests per `day`, `week`, `month` or `year`, whatever they cost.",
                .oneOrMore(.reference(.quota), countMax: CalendarPeriod.allCases.count),
                examples: ["5000000/month"]),
            SchemaProperty(
                "cost", "Cost units per `day`, `week`, `month` or `year`.",
                .oneOrMore(.reference(.quota), countMax: CalendarPeriod.allCases.count),
                examples: ["200000/day"]),
            SchemaProperty(
                "bytes", "Bytes of requests and answers per `day`, `week`, `month` or `year`.",
                .oneOrMore(.reference(.byteQuota), countMax: CalendarPeriod.allCases.count),
                examples: ["10GB/day"]),
        ])
    }

    /// A quota whose amount has a pattern: the amount alone, or with more.
    static func quota(_ pattern: String) -> SchemaNode {
        .either([
            .text(pattern: pattern),
            .object(
                SchemaObject([
                    SchemaProperty("amount", "How much a period allows.", .text(pattern: pattern), isRequired: true),
                    SchemaProperty(
                        "warnAt", "From which shares of it on somebody is told, once in each period.",
                        .list(
                            .text(pattern: SchemaPattern.positivePercentage), countMax: Limit.quotaWarnings,
                            isUnique: true), standard: ["80%", "95%"]),
                ])),
        ])
    }
}
