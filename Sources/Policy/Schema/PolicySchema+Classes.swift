internal import Vocabulary

extension PolicySchema {
    /// One entry of `classes`.
    static var trafficClass: SchemaObject {
        SchemaObject(work + sharing + [limiting]).with {
            $0.further = [
                .init(
                    "if", ["properties": ["consequence": ["enum": protectedWords]], "required": ["consequence"]]),
                .init("then", ["required": ["onLimit"]]),
            ]
        }
    }

    private static let protectedWords = JSONValue.strings(
        Consequence.allCases.filter(\.isProtected).map(\.name))

    private static var work: [SchemaProperty] {
        [
            SchemaProperty(
                "tier", "The tier of its work, unless the operation names another.", .reference(.tierName),
                examples: ["business"], isRequired: true),
            SchemaProperty(
                "consequence",
                "What it costs the business when this work is refused. `repair` and `recovery` need an `onLimit`.",
                .choice(Consequence.allCases.map(\.name)), isRequired: true),
            SchemaProperty(
                "owner", "Who answers for this work.", .reference(.line), examples: ["data-quality"], isRequired: true),
            SchemaProperty("description", "What the class is for, in free text.", .reference(.text)),
        ]
    }

    private static var sharing: [SchemaProperty] {
        [
            SchemaProperty(
                "mustNotCompete",
                "Classes with which this one must never drain one pool. The compiler refuses a policy in which it "
                    + "could.",
                .list(.reference(.className), countMax: Limit.classes, isUnique: true),
                examples: [["integration"]]),
            SchemaProperty(
                "isolated", "Whether its budgets neither borrow from others nor lend to them.", .flag,
                standard: false),
            SchemaProperty(
                "governed", "Whether only callers that are granted this class may do its work.", .flag,
                standard: false),
            SchemaProperty(
                "backoff", "Whether the answer to a refusal says at which rate to go on.",
                .choice(["advertise", "none"]), standard: "none"),
            SchemaProperty(
                "nearMiss",
                "A near miss: less than this share of the class's guarantee is left to it. 10% unless stated; with 0% "
                    + "only refusals are one.", .reference(.percentage), examples: ["20%"]),
        ]
    }

    private static var limiting: SchemaProperty {
        SchemaProperty(
            "onLimit", "What happens next when this work is limited anyway.",
            .object(
                SchemaObject([
                    SchemaProperty(
                        "reschedule", "Workers wait this long, then try again.", .reference(.duration),
                        examples: ["30s"]),
                    SchemaProperty(
                        "escalateAfter", "After being limited for this long, a person is told.",
                        .reference(.duration), examples: ["10m"]),
                    SchemaProperty("fallback", "What else happens, in words.", .reference(.text)),
                ]).with { $0.oneOf = ["reschedule", "escalateAfter", "fallback"] }))
    }
}
