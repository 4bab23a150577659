/// A JSON value whose members keep the order in which they were written, so that a document is the same byte for byte
/// wherever and whenever it is made.
package indirect enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case flag(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number with millionths, so that no binary fraction is ever printed: 2,333,333 is `2.333333`.
    case millionths(Int128)
    /// A string.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// An object; keys do not repeat.
    case object([Member])

    /// One key of an object with its value.
    package struct Member: Hashable, Sendable {
        /// The key.
        package let key: String
        /// The value.
        package let value: JSONValue

        /// Pairs a key with its value.
        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// A list of strings.
    package static func strings(_ texts: some Sequence<String>) -> JSONValue { .array(texts.map { .string($0) }) }

    /// A string, or `null`.
    package static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// An object; members without a value are left out.
    package static func record(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { member in member.value.map { Member(member.key, $0) } })
    }
}

extension JSONValue {
    /// The document as text for files and terminals: two spaces for each level, a newline at the end.
    ///
    /// - Complexity: O(n).
    package var document: String {
        var text = ""
        write(to: &text, level: 0)
        return text + "\n"
    }

    /// The document in one line, without a space that nothing needs.
    ///
    /// - Complexity: O(n).
    package var compact: String {
        switch self {
        case .array(let items): "[" + items.map(\.compact).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { JSONText.quote($0.key) + ":" + $0.value.compact }.joined(separator: ",") + "}"
        case .null, .flag, .integer, .millionths, .string: String(document.dropLast())
        }
    }

    private func write(to text: inout String, level: Int) {
        switch self {
        case .null: text += "null"
        case .flag(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        case .millionths(let number): text += NumberText.decimal(number, scale: 1_000_000, grouped: false)
        case .string(let string): text += JSONText.quote(string)
        case .array(let items):
            JSONValue.write(items, between: ("[", "]"), to: &text, level: level) { item, text in
                item.write(to: &text, level: level + 1)
            }
        case .object(let members):
            JSONValue.write(members, between: ("{", "}"), to: &text, level: level) { member, text in
                text += JSONText.quote(member.key) + ": "
                member.value.write(to: &text, level: level + 1)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between brackets: (String, String), to text: inout String, level: Int,
        each body: (Item, inout String) -> Void
    ) {
        text += brackets.0
        for (index, item) in items.enumerated() {
            text += (index == 0 ? "\n" : ",\n") + String(repeating: "  ", count: level + 1)
            body(item, &text)
        }
        if !items.isEmpty { text += "\n" + String(repeating: "  ", count: level) }
        text += brackets.1
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral number: Int64) { self = .integer(number) }
    package init(booleanLiteral flag: Bool) { self = .flag(flag) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(arrayLiteral items: JSONValue...) { self = .array(items) }
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(members.map { Member($0.0, $0.1) })
    }
}
