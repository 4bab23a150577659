/// A JSON document whose members keep their order, so that people can read it and two runs write the same bytes.
package indirect enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case truth(Bool)
    /// A whole number.
    case number(Int64)
    /// A text.
    case text(String)
    /// A list.
    case list([JSONValue])
    /// An object; its members in this order.
    case object([Member])

    /// One member of an object.
    package struct Member: Hashable, Sendable {
        /// Its name.
        let name: String
        /// Its value.
        let value: JSONValue

        /// Pairs a name with a value.
        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// A text that may be missing.
    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.text) ?? .null }

    /// A number that may be missing.
    static func optional(_ number: Int64?) -> JSONValue { number.map(JSONValue.number) ?? .null }

    /// On one line, without spaces.
    package var compact: String {
        var output = ""
        write(to: &output, indentation: nil)
        return output
    }

    /// On many lines, indented by two spaces.
    package var pretty: String {
        var output = ""
        write(to: &output, indentation: "\n")
        return output
    }

    private func write(to output: inout String, indentation: String?) {
        switch self {
        case .null: output += "null"
        case .truth(let truth): output += truth ? "true" : "false"
        case .number(let number): output += String(number)
        case .text(let text): JSONValue.write(text, to: &output)
        case .list(let items):
            JSONValue.write(items, between: ("[", "]"), to: &output, indentation: indentation) { item, output, inner in
                item.write(to: &output, indentation: inner)
            }
        case .object(let members):
            JSONValue.write(members, between: ("{", "}"), to: &output, indentation: indentation) {
                item, output, inner in
                JSONValue.write(item.name, to: &output)
                output += inner == nil ? ":" : ": "
                item.value.write(to: &output, indentation: inner)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between brackets: (String, String), to output: inout String, indentation: String?,
        item write: (Item, inout String, String?) -> Void
    ) {
        output += brackets.0
        let inner = indentation.map { $0 + "  " }
        for (position, item) in items.enumerated() {
            output += position == 0 ? "" : ","
            output += inner ?? ""
            write(item, &output, inner)
        }
        output += items.isEmpty ? "" : indentation ?? ""
        output += brackets.1
    }

    /// Writes a text with what JSON or a terminal would trip over as `\u` escapes (RFC 8259, section 7).
    private static func write(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\t": output += "\\t"
            case _ where scalar.isObeyedByTerminals:
                for unit in UTF16.encode(scalar) ?? UTF16.EncodedScalar() {
                    let digits = String(unit, radix: 16)
                    output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object with these members, in this order.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }
}
