import Foundation
import Testing

@testable import Policy

@Suite struct PolicySchemaTests {
    @Test func `the schema is the recorded one`() throws {
        try expectRecorded(PolicySchema.text, as: "policy.schema.json")
    }

    @Test func `the examples come with the same schema`() throws {
        let file = Fixture.repository.appending(path: "Examples/policy.schema.json")
        if Fixture.isRecording { try Data(PolicySchema.text.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == PolicySchema.text)
    }

    @Test func `the schema has the keys that the compiler reads, no more and no less`() {
        let described = PolicySchema.document.objects.map { Set($0.keys) }
        let read = MappingShape.language.map { Set($0.keys) }
        #expect(Set(described) == Set(read))
        #expect(described.count == read.count)
    }

    @Test func `what the compiler requires, the schema requires, except where a folder may have it elsewhere`() {
        for object in PolicySchema.document.objects where !object.keys.contains("headgate") {
            let shape = MappingShape.language.first { Set($0.keys) == Set(object.keys) }
            #expect(shape.map { Set($0.required) } == Set(object.required), "\(object.keys)")
        }
    }

    @Test func `every mapping is closed and every key is explained`() {
        for object in PolicySchema.document.objects {
            #expect(object.isClosed, "\(object.keys)")
            #expect(object.descriptions.count == object.keys.count, "\(object.keys)")
            #expect(object.descriptions.allSatisfy { $0.hasSuffix(".") }, "\(object.descriptions)")
        }
    }

    @Test func `every reference leads to a definition that something uses`() {
        let used = Set(PolicySchema.document.references)
        #expect(used == Set(SchemaDefinition.allCases.map { "#/$defs/\($0.rawValue)" }))
    }
}

/// One mapping with known keys in a schema.
private struct SchemaObjectReading {
    var keys: [String]
    var required: [String]
    var isClosed: Bool
    var descriptions: [String]
}

extension JSONValue {
    fileprivate subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    private var children: [JSONValue] {
        switch self {
        case .array(let items): items
        case .object(let members): members.filter { $0.key != "examples" }.map(\.value)
        default: []
        }
    }

    private var texts: [String] {
        guard case .array(let items) = self else { return [] }
        return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    fileprivate var references: [String] {
        let own: [String] = if case .string(let text)? = self["$ref"] { [text] } else { [] }
        return own + children.flatMap(\.references)
    }

    fileprivate var objects: [SchemaObjectReading] {
        guard self["type"] == "object", case .object(let members)? = self["properties"] else {
            return children.flatMap(\.objects)
        }
        let reading = SchemaObjectReading(
            keys: members.map(\.key), required: self["required"]?.texts ?? [],
            isClosed: self["additionalProperties"] == false,
            descriptions: members.compactMap {
                if case .string(let text)? = $0.value["description"] { text } else { nil }
            })
        return [reading] + children.flatMap(\.objects)
    }
}
