internal import HTTPTypes
internal import Policy

/// What a call is answered.
struct Reply: Sendable {
    /// The status.
    var status: HTTPResponse.Status = .ok
    /// The body.
    var body: Body
    /// The version of what is told, for the entity tag.
    var version: Int64?
    /// Further fields.
    var fields = HTTPFields()

    /// A body.
    enum Body: Sendable {
        /// JSON.
        case json(JSONValue)
        /// A text of another type.
        case text(String, type: String)
        /// A text that is made while it is sent.
        case pieces(Pieces, type: String)
        /// None.
        case none
    }

    /// Tells something.
    static func json(_ value: JSONValue, _ status: HTTPResponse.Status = .ok, version: Int64? = nil) -> Reply {
        Reply(status: status, body: .json(value), version: version)
    }

    /// Says that it is done, and nothing more.
    static let done = Reply(status: .noContent, body: .none)

    /// A page of a list.
    static func page(_ items: [JSONValue], next: String?) -> Reply {
        .json(.record(["items": .array(items), "next_cursor": next.map { .string(Page.cursor($0)) }]))
    }
}

/// A text that is made while it is sent.
struct Pieces: Sendable {
    /// What is there already; `nil`: nothing, and there is nothing more.
    let first: String?
    /// Makes the next piece; `nil` at the end.
    let next: @Sendable () throws -> String?
}
