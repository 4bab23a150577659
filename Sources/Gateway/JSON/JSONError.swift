/// What is wrong with a JSON text, where, and what should stand there instead.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The byte at which it was found, counted from 0.
    package let offset: Int
    /// The value it is about, such as `requests[3].cost`; empty for the whole text.
    package let path: String
    /// What is wrong: a predicate whose subject is the value, or a sentence about the text.
    package let message: String
    /// Whether `message` is about the text and not about the value.
    package let isSyntax: Bool

    /// Says that the value does not do what it must.
    static func value(at offset: Int, in path: String, _ predicate: String) -> JSONError {
        JSONError(offset: offset, path: path, message: predicate, isSyntax: false)
    }

    /// Says that the text is not JSON.
    static func syntax(at offset: Int, in path: String, _ sentence: String) -> JSONError {
        JSONError(offset: offset, path: path, message: sentence, isSyntax: true)
    }

    /// The whole sentence, for people.
    package var description: String {
        let place = path.isEmpty ? "(byte \(offset))" : "(byte \(offset), in `\(path)`)"
        guard !isSyntax else { return "The body is not JSON: \(message) \(place)" }
        return path.isEmpty ? "The body \(message)" : "`\(path)` \(message) (byte \(offset))"
    }
}
