extension PolicySchema {
    /// The section `unknown`.
    static var unknown: SchemaObject {
        let treatments = SchemaNode.choice(["block", "quarantine"])
        return SchemaObject([
            SchemaProperty(
                "credential", "Callers without a known credential: refuse them, or let them through a narrow gate.",
                treatments),
            SchemaProperty("operation", "Requests of known callers that match no operation.", treatments),
            SchemaProperty(
                "cost", "What such a request costs; never less than the dearest operation.", .reference(.cost)),
            SchemaProperty(
                "rate", "The one budget that all quarantined requests of all callers share.", .reference(.rate),
                examples: ["10/s"]),
            SchemaProperty("burst", "How many cost units of it may come at once.", .reference(.burst)),
        ])
    }

    /// The section `stages`.
    static var stages: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "default", "The stage of classes that are not named.", .reference(.stage), standard: "enforce"),
            SchemaProperty(
                "order",
                "The order in which classes graduate: a later one is never in a stricter stage than an earlier one.",
                .list(.reference(.className), countMax: Limit.classes, isUnique: true)),
            SchemaProperty(
                "classes", "The stages of single classes.", .mapping(.reference(.stage), countMax: Limit.classes),
                examples: [["integration": "shadow"]]),
            SchemaProperty(
                "blackouts", "Hours in which milder stages hold, because critical workflows overlap.",
                .list(.reference(.blackout), countMax: Limit.blackouts)),
        ])
    }

    /// One entry of `stages.blackouts`.
    static var blackout: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "classes", "The classes it is for. Without it, all.",
                .list(.reference(.className), countMax: Limit.classes, isUnique: true)),
            SchemaProperty(
                "days", "The days on which it begins. Without it, every day.",
                .list(
                    .choice(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), countMin: 1, countMax: 7,
                    isUnique: true), examples: [["mon", "fri"]]),
            SchemaProperty(
                "from", "When it begins, in UTC, in quotes: `\"22:00\"`.", .text(pattern: SchemaPattern.timeOfDay),
                examples: ["22:00"], isRequired: true),
            SchemaProperty(
                "to", "When it ends, in UTC, in quotes; the next day if that is not after `from`.",
                .text(pattern: SchemaPattern.endTimeOfDay), examples: ["06:00"], isRequired: true),
            SchemaProperty("stage", "The stage that holds meanwhile.", .reference(.stage), isRequired: true),
            SchemaProperty("reason", "Why, in free text.", .reference(.text)),
        ])
    }
}
