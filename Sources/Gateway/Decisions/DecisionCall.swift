internal import Admission
internal import Journal
internal import Vocabulary

/// What a caller says besides who it is and which call it makes.
struct DecisionCall {
    /// By which door the request came in.
    var source: DecisionRecord.Source
    /// Whether the caller is one that may state facts about others: the API behind us, on a trusted connection.
    var isTrusted = false
    /// What it costs instead of what the operation says.
    var cost: Int64?
    /// How often over it counts, where Envoy's rate limit protocol says so (`hits_addend`).
    var hits: Int64 = 1
    /// Whether nothing is to be spent: the caller asks what a decision would be.
    var isPeek = false
    /// Bytes, where a quota counts them.
    var bytes: Int64 = 0
    /// The address of the client, where a trusted caller says so and something depends on it.
    var address: IPAddress?
    /// What only few callers say; `nil`: none of it.
    ///
    /// Behind one reference, because a call is copied more often than it says any of this.
    private var statement: Statement?

    /// A call through a door.
    init(source: DecisionRecord.Source) { self.source = source }

    /// What only few callers say.
    private final class Statement {
        var claim: String?
        var attributes: [(name: String, value: String)] = []
        var method: String?
        var path: String?
        var region: String?
        var configuredAttributes: [(name: String, value: String)] = []
        var keyUse: KeyUse?

        /// Nothing.
        init() {}

        /// The same as another.
        init(_ other: Statement) {
            claim = other.claim
            attributes = other.attributes
            method = other.method
            path = other.path
            region = other.region
            configuredAttributes = other.configuredAttributes
            keyUse = other.keyUse
        }
    }

    /// The statement, to be changed: its own copy if somebody else has it too.
    private mutating func change(_ body: (Statement) -> Void) {
        if isKnownUniquelyReferenced(&statement), let statement { return body(statement) }
        let own = statement.map { Statement($0) } ?? Statement()
        body(own)
        statement = own
    }
}

extension DecisionCall {
    /// The class it claims.
    var claim: String? {
        get { statement?.claim }
        set { if newValue != nil || statement != nil { change { $0.claim = newValue } } }
    }

    /// The attributes it states; those that the principal may not state are dropped unless `isTrusted`.
    var attributes: [(name: String, value: String)] {
        get { statement?.attributes ?? [] }
        set { if !newValue.isEmpty || statement != nil { change { $0.attributes = newValue } } }
    }

    /// The method, where the record cannot be told by whoever asked.
    var method: String? {
        get { statement?.method }
        set { if newValue != nil || statement != nil { change { $0.method = newValue } } }
    }

    /// The path, where the record cannot be told by whoever asked.
    var path: String? {
        get { statement?.path }
        set { if newValue != nil || statement != nil { change { $0.path = newValue } } }
    }

    /// The region the request is for, by name; `nil`: the server's own.
    var region: String? {
        get { statement?.region }
        set { if newValue != nil || statement != nil { change { $0.region = newValue } } }
    }

    /// What its idempotency key is for; `nil`: it has none.
    var keyUse: KeyUse? {
        get { statement?.keyUse }
        set { if newValue != nil || statement != nil { change { $0.keyUse = newValue } } }
    }

    /// Attributes that the proxy's own configuration states, which no caller could have.
    var configuredAttributes: [(name: String, value: String)] {
        get { statement?.configuredAttributes ?? [] }
        set { if !newValue.isEmpty || statement != nil { change { $0.configuredAttributes = newValue } } }
    }
}
