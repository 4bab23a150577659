internal import Vocabulary

/// The JSON Schema (draft 2020-12) of the policy language, for editors: it completes keys, explains them, and marks
/// what cannot be a policy while it is written.
///
/// The compiler is the judge: what the schema accepts may still be refused (names that nothing has, guarantees that
/// exceed a ceiling). The other way round, the schema refuses almost nothing that the compiler accepts; the exceptions
/// are sections without any content and texts that YAML takes for something else, such as a name `1.5`.
package enum PolicySchema {
    /// The schema as text, to be written to a file that editors read.
    package static var text: String { document.document }

    /// The schema.
    package static var document: JSONValue {
        var members: [JSONValue.Member] = [
            .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            .init("title", .string("Headgate policy")),
            .init(
                "description",
                .string(
                    "Which work may go on and which work starves first. A policy is one YAML file, or a folder of "
                        + "them: `classes`, `operations`, `plans`, `regions`, `descriptors` and `tests` may then stand in files of "
                        + "their own."
                )),
        ]
        members += policy.members
        members.append(
            .init(
                "$defs",
                .object(
                    SchemaDefinition.allCases.map { definition in
                        let description = JSONValue.Member("description", .string(definition.description))
                        return .init(definition.rawValue, .object([description] + definition.node.members))
                    })))
        return .object(members)
    }

    /// How much a policy may hold.
    typealias Limit = PolicyDocument.Limit

    /// The words for stages.
    static let stageWords = Stage.allCases.map(\.name)

    /// A document of a policy.
    ///
    /// One with a name is the main document and needs the head of a policy; the others are parts of a folder.
    private static var policy: SchemaObject {
        SchemaObject(head + entries + rest).with {
            $0.oneOf = [
                "headgate", "name", "owner", "tiers", "service", "regions", "seats", "defaults", "classes",
                "operations", "plans", "unknown", "idempotency", "stages", "descriptors", "abuse", "health",
                "governance", "tests",
            ]
            $0.further = [
                .init("if", ["anyOf": [["required": ["name"]], ["required": ["owner"]], ["required": ["tiers"]]]]),
                .init("then", ["required": ["headgate", "name", "owner", "tiers"]]),
            ]
        }
    }

    private static var head: [SchemaProperty] {
        [
            SchemaProperty(
                "headgate", "The version of the policy language.", .constant(PolicyDocument.languageVersion),
                examples: [1]),
            SchemaProperty("name", "The name of the policy.", .reference(.name), examples: ["signing-platform"]),
            SchemaProperty(
                "owner", "Who answers for the policy.", .reference(.line), examples: ["platform-reliability"]),
            SchemaProperty("description", "What the policy is for, in free text.", .reference(.text)),
            SchemaProperty(
                "tiers",
                "The tiers in the order of protection: the first is protected longest, the last sheds first. What the "
                    + "policy does not know comes after the last, in the built-in tier `quarantine`.",
                .list(.reference(.tier), countMin: 1, countMax: Limit.tiers)),
            SchemaProperty(
                "service", "What the whole service can take. Reserves of tiers are shares of its baseline.",
                .reference(.budget)),
            SchemaProperty(
                "regions", "What each region can take, by the region's name.",
                .mapping(.reference(.budget), countMax: Limit.regions)),
            SchemaProperty("seats", "How many requests run and wait where Headgate holds them.", .object(seats)),
            SchemaProperty(
                "defaults", "What holds where nothing else is said.",
                .object(
                    SchemaObject([
                        SchemaProperty(
                            "class",
                            "The class of requests for which neither operation, claim nor principal names one. "
                                + "Without it, "
                                + "the class `interactive`, or the only one.", .reference(.className),
                            examples: ["interactive"]),
                        SchemaProperty(
                            "timeZone", "The time zone of the calendars of plans that name none.",
                            .reference(.timeZone), examples: ["Europe/Berlin"], standard: "UTC"),
                    ]))),
        ]
    }

    private static var entries: [SchemaProperty] {
        [
            SchemaProperty(
                "classes", "The traffic classes by name: kinds of work inside a tenant.",
                .mapping(.reference(.trafficClass), countMax: Limit.classes)),
            SchemaProperty(
                "operations",
                "The operations by name: which calls there are, what they cost and how important they are.",
                .mapping(.reference(.operation), countMax: Limit.operations)),
            SchemaProperty("plans", "The plans by name.", .mapping(.reference(.plan), countMax: Limit.plans)),
        ]
    }

    private static var rest: [SchemaProperty] {
        [
            SchemaProperty("unknown", "What happens to requests that the policy does not know.", .object(unknown)),
            SchemaProperty(
                "idempotency", "What happens to requests that repeat an `Idempotency-Key`.", .object(idempotency)),
            SchemaProperty("stages", "How far each class is enforced.", .object(stages)),
            SchemaProperty(
                "descriptors",
                "What the descriptors of Envoy's rate limit protocol mean, by the domain that the proxy sends.",
                .mapping(.reference(.domain), keys: SchemaPattern.descriptorKey, countMax: Limit.domains)),
            SchemaProperty("abuse", "What is done about traffic that looks like abuse.", .object(abuse)),
            SchemaProperty(
                "health",
                "What is known of the health of the system behind; it picks between the ceilings of envelopes.",
                .object(health)),
            SchemaProperty(
                "governance", "How far tenants may be let deviate from their plans.", .object(governance)),
            SchemaProperty(
                "tests", "Requests, and what the policy must make of them.",
                .list(.reference(.test), countMax: Limit.tests)),
        ]
    }
}
