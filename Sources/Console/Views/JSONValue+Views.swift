internal import Directory
package import Policy
internal import Vocabulary

/// A JSON value; the journal has one of its own, for its stories.
package typealias JSONValue = Policy.JSONValue

extension JSONValue {
    /// A moment, RFC 3339 in UTC.
    static func moment(_ moment: WallTime) -> JSONValue { .string(Timestamp.text(moment)) }

    /// A text that may be missing.
    static func text(_ text: String?) -> JSONValue? { text.map { .string($0) } }

    /// A moment that may be missing.
    static func time(_ moment: WallTime?) -> JSONValue? { moment.map { .moment($0) } }

    /// A number that may be missing.
    static func number(_ number: Int64?) -> JSONValue? { number.map { .integer($0) } }
}
