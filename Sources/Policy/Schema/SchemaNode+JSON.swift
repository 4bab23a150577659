extension SchemaNode {
    /// The node in JSON Schema.
    var members: [JSONValue.Member] {
        switch self {
        case .text(let pattern, let lengthMax):
            [.init("type", .string("string")), .init("pattern", .string(pattern))]
                + (lengthMax.map { [.init("maxLength", .integer(Int64($0)))] } ?? [])
        case .wholeNumber(let range):
            [
                .init("type", .strings(["integer", "string"])), .init("minimum", .integer(range.lowerBound)),
                .init("maximum", .integer(range.upperBound)), .init("pattern", .string(SchemaPattern.wholeNumber)),
            ]
        case .factor:
            [
                .init("type", .strings(["number", "string"])), .init("minimum", .integer(1)),
                .init("maximum", .integer(1_000)), .init("pattern", .string(SchemaPattern.factor)),
            ]
        case .constant(let number): [.init("const", .integer(number))]
        case .flag: [.init("type", .string("boolean"))]
        case .choice(let words): [.init("enum", .strings(words))]
        case .scalar: [.init("type", .strings(["string", "number", "boolean"])), .init("minLength", .integer(1))]
        case .list(let item, let countMin, let countMax, let isUnique):
            list(of: item, countMin, countMax, isUnique)
        case .object(let object): object.members
        case .mapping(let value, let keys, let countMax):
            [
                .init("type", .string("object")),
                .init("patternProperties", .object([.init(keys, value.json)])),
                .init("additionalProperties", .flag(false)),
            ] + (countMax.map { [.init("maxProperties", .integer(Int64($0)))] } ?? [])
        case .oneOrMore(let item, let countMax):
            [
                .init(
                    "oneOf",
                    .array([
                        item.json,
                        SchemaNode.list(item, countMin: 1, countMax: countMax, isUnique: true).json,
                    ]))
            ]
        case .either(let choices): [.init("oneOf", .array(choices.map(\.json)))]
        case .reference(let definition): [.init("$ref", .string("#/$defs/\(definition.rawValue)"))]
        }
    }

    /// The node in JSON Schema.
    var json: JSONValue { .object(members) }

    private func list(
        of item: SchemaNode, _ countMin: Int?, _ countMax: Int?, _ isUnique: Bool
    ) -> [JSONValue.Member] {
        [.init("type", .string("array")), .init("items", item.json)]
            + (countMin.map { [.init("minItems", .integer(Int64($0)))] } ?? [])
            + (countMax.map { [.init("maxItems", .integer(Int64($0)))] } ?? [])
            + (isUnique ? [.init("uniqueItems", .flag(true))] : [])
    }
}

extension SchemaObject {
    /// The mapping in JSON Schema.
    var members: [JSONValue.Member] {
        let required = properties.filter(\.isRequired).map(\.key)
        var members: [JSONValue.Member] = [
            .init("type", .string("object")),
            .init("properties", .object(properties.map { .init($0.key, $0.json) })),
        ]
        if let others {
            members.append(.init("patternProperties", .object([.init(others.pattern, others.value.json)])))
        }
        members.append(.init("additionalProperties", .flag(false)))
        if !required.isEmpty { members.append(.init("required", .strings(required))) }
        if !oneOf.isEmpty {
            let choices = oneOf.map { JSONValue.object([.init("required", .strings([$0]))]) }
            members.append(.init(isOneOfExclusive ? "oneOf" : "anyOf", .array(choices)))
        }
        if !needs.isEmpty {
            members.append(
                .init("dependentRequired", .object(needs.map { .init($0.key, .strings([$0.other])) })))
        }
        return members + further
    }
}

extension SchemaProperty {
    /// The key's value in JSON Schema, with what editors show.
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("description", .string(description))]
        members += value.members
        if let standard { members.append(.init("default", standard)) }
        if !examples.isEmpty { members.append(.init("examples", .array(examples))) }
        return .object(members)
    }
}
