internal import Policy

/// What a JSON value may be: what bodies are held against and what the OpenAPI document prints, so that both are one.
indirect enum Schema: Sendable {
    /// A text of so many bytes in one line: without control characters.
    case text(ClosedRange<Int>)
    /// A text of so many bytes that may have several lines, or is nobody's to look at.
    case lines(ClosedRange<Int>)
    /// A moment, RFC 3339 in UTC.
    case moment
    /// One of these texts.
    case choice([String])
    /// A whole number.
    case number(ClosedRange<Int64>)
    /// `true` or `false`.
    case flag
    /// At most so many of one kind.
    case list(Schema, max: Int)
    /// An object with these members and no others.
    case object([Member])
    /// A schema that the document names.
    case named(String, Schema)
    /// Whatever JSON can say: parts that another document describes.
    case anything

    /// A member of an object.
    struct Member: Sendable {
        /// Its name.
        let name: String
        /// What it may be.
        let schema: Schema
        /// Whether it has to be there.
        let isRequired: Bool
        /// What it means.
        let summary: String?

        /// A member that has to be there.
        static func required(_ name: String, _ schema: Schema, _ summary: String? = nil) -> Member {
            Member(name: name, schema: schema, isRequired: true, summary: summary)
        }

        /// A member that may be there.
        static func optional(_ name: String, _ schema: Schema, _ summary: String? = nil) -> Member {
            Member(name: name, schema: schema, isRequired: false, summary: summary)
        }
    }

    /// Words and names: what most members are.
    static let word = Schema.text(1...200)
    /// A reason for the record; the domain says the same.
    static let reason = Schema.lines(1...2_000)
    /// Any text that is told.
    static let told = Schema.lines(0...(1 << 20))
    /// A number that only counts.
    static let count = Schema.number(0...Int64(1) << 53)

    /// A page of a list: the elements, and where the next page begins.
    static func page(of element: Schema) -> Schema {
        .object([
            .required("items", .list(element, max: Page.limitMax)),
            .optional("next_cursor", .told, "Where the next page begins; without it this was the last."),
        ])
    }
}

extension Schema {
    /// The form in the OpenAPI document (JSON Schema 2020-12).
    var json: JSONValue {
        switch self {
        case .text(let range), .lines(let range):
            [
                "type": "string", "minLength": .integer(Int64(min(1, range.lowerBound))),
                "maxLength": .integer(Int64(range.upperBound)),
            ]
        case .moment:
            ["type": "string", "format": "date-time", "examples": ["2026-12-01T00:00:00Z"]]
        case .choice(let words): ["type": "string", "enum": .strings(words)]
        case .number(let range):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .flag: ["type": "boolean"]
        case .list(let element, let max):
            ["type": "array", "items": element.json, "maxItems": .integer(Int64(max))]
        case .object(let members): Schema.json(of: members)
        case .named(let name, _): ["$ref": .string("#/components/schemas/\(name)")]
        case .anything: .object([])
        }
    }

    private static func json(of members: [Member]) -> JSONValue {
        let properties = members.map { member -> JSONValue.Member in
            guard let summary = member.summary, case .object(let parts) = member.schema.json else {
                return JSONValue.Member(member.name, member.schema.json)
            }
            return JSONValue.Member(
                member.name, .object(parts + [JSONValue.Member("description", .string(summary))]))
        }
        return [
            "type": "object", "properties": .object(properties),
            "required": .strings(members.filter(\.isRequired).map(\.name)), "additionalProperties": false,
        ]
    }

    /// The named schemas in here, by name.
    var components: [String: Schema] {
        switch self {
        case .list(let element, _): element.components
        case .object(let members):
            members.reduce(into: [:]) { $0.merge($1.schema.components) { first, _ in first } }
        case .named(let name, let schema): schema.components.merging([name: schema]) { first, _ in first }
        default: [:]
        }
    }
}
