internal import Journal
internal import Vocabulary

/// What a caller says besides who it is and which call it makes.
struct DecisionCall {
    /// By which door the request came in.
    var source: DecisionRecord.Source
    /// The class it claims.
    var claim: String?
    /// The attributes it states; those that the principal may not state are dropped unless `isTrusted`.
    var attributes: [(name: String, value: String)] = []
    /// Whether the caller is one that may state facts about others: the API behind us, on a trusted connection.
    var isTrusted = false
    /// The region the request is for, by name; `nil`: the server's own.
    var region: String?
    /// What it costs instead of what the operation says.
    var cost: Int64?
    /// Bytes, where a quota counts them.
    var bytes: Int64 = 0

    /// A call through a door.
    init(source: DecisionRecord.Source) { self.source = source }
}
