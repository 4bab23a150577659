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
    /// The method and the path, where the record cannot be told by whoever asked.
    var method: String?
    var path: String?
    /// The region the request is for, by name; `nil`: the server's own.
    var region: String?
    /// What it costs instead of what the operation says.
    var cost: Int64?
    /// How often over it counts, where Envoy's rate limit protocol says so (`hits_addend`).
    var hits: Int64 = 1
    /// Whether nothing is to be spent: the caller asks what a decision would be.
    var isPeek = false
    /// Attributes that the proxy's own configuration states, which no caller could have.
    var configuredAttributes: [(name: String, value: String)] = []
    /// Bytes, where a quota counts them.
    var bytes: Int64 = 0

    /// A call through a door.
    init(source: DecisionRecord.Source) { self.source = source }
}
