internal import Foundation

/// A JSON value of which nothing is known in advance: the claims of outside issuers, and the keys that they publish.
enum JSONValue: Hashable, Sendable, Decodable {
    /// A text.
    case string(String)
    /// A number.
    case number(Double)
    /// True or false.
    case flag(Bool)
    /// A list.
    case array([JSONValue])
    /// Members by name.
    case object([String: JSONValue])
    /// Nothing.
    case null

    /// Tries one kind after the other.
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let items = try? container.decode([JSONValue].self) {
            self = .array(items)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Reads an object; `nil` for anything else.
    static func object(_ bytes: [UInt8]) -> [String: JSONValue]? {
        guard case .object(let members) = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
            return nil
        }
        return members
    }

    /// The text, if it is one.
    var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The number, if it is one.
    var number: Double? { if case .number(let number) = self { number } else { nil } }

    /// Texts in a list, or one alone.
    var texts: [String]? {
        switch self {
        case .string(let text): [text]
        case .array(let items) where items.allSatisfy({ $0.text != nil }): items.compactMap(\.text)
        default: nil
        }
    }
}
