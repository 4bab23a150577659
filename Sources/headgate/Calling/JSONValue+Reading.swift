internal import Gateway
internal import Policy

extension Policy.JSONValue {
    /// Reads a JSON text; members keep their order, and a number with a fraction is kept as it is written, as a text.
    ///
    /// - Complexity: O(n), times the members of an object.
    init(reading bytes: [UInt8]) throws(JSONError) {
        var limits = JSONScanner.Limits()
        limits.membersMax = 10_000
        var scanner = JSONScanner(limits: limits)
        scanner.load(bytes.span)
        self = try Policy.JSONValue(next: &scanner)
        try scanner.end()
    }

    private init(next scanner: inout JSONScanner) throws(JSONError) {
        switch try scanner.peek() {
        case .object:
            var members: [Member] = []
            try scanner.beginObject()
            while let name = try scanner.nextMember() {
                members.append(Member(scanner.string(name), try Policy.JSONValue(next: &scanner)))
            }
            self = .object(members)
        case .array:
            var items: [Policy.JSONValue] = []
            try scanner.beginArray()
            while try scanner.nextElement() { items.append(try Policy.JSONValue(next: &scanner)) }
            self = .array(items)
        case .string:
            // In two steps: reading decodes the text in its place.
            let range = try scanner.readString()
            self = .string(scanner.string(range))
        case .number:
            let range = try scanner.readNumber().range
            let text = scanner.string(range)
            self = Int64(text).map { .integer($0) } ?? .string(text)
        case .boolean: self = .flag(try scanner.readBoolean())
        case .null:
            _ = try scanner.readNull()
            self = .null
        }
    }
}

extension Policy.JSONValue {
    /// The member of an object with a name.
    subscript(name: String) -> Policy.JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == name }?.value
    }

    /// The text, if it is one.
    var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The whole number, if it is one.
    var number: Int64? { if case .integer(let number) = self { number } else { nil } }

    /// The truth value, if it is one.
    var truth: Bool? { if case .flag(let truth) = self { truth } else { nil } }

    /// The elements of a list; of anything else none.
    var items: [Policy.JSONValue] { if case .array(let items) = self { items } else { [] } }

    /// The texts of a list.
    var texts: [String] { items.compactMap(\.text) }
}
