package import Vocabulary

/// One request of the process that the engine runs in.
///
/// The process is trusted as a caller on loopback is: it may name tenants, costs and attributes.
package struct EmbeddedCall: Sendable {
    /// The key or token of the caller.
    package var credential: String?
    /// The tenant, instead of a credential.
    package var tenant: String?
    /// The principal of the tenant.
    package var principal: String?
    /// The method of the request.
    package var method = ""
    /// The path of the request.
    package var path = ""
    /// The name of the operation, instead of method and path.
    package var operation: String?
    /// A claim to a class.
    package var trafficClass: String?
    /// The region the request is for; `nil`: that of the process.
    package var region: String?
    /// What it costs instead of what the operation says.
    package var cost: Int64?
    /// Bytes, where a quota counts them.
    package var bytes: Int64 = 0
    /// Names and values that rules look at.
    package var attributes: [(name: String, value: String)] = []
    /// How long it may wait for its seats, if that is less than its tier allows.
    package var waitMax: Nanoseconds?

    /// A request about which nothing is said yet.
    package init() {}
}

/// What the engine says about a request, in the words of the wire: whoever reads one reads the other.
package struct EmbeddedAnswer: Sendable {
    /// The object that `POST /v1/check` would answer.
    package let json: [UInt8]
    /// The fields that tell the caller about its limits.
    package let limitFields: [(name: String, value: String)]
    /// The seats; `nil`: none are held.
    package let hold: SeatHold?
    /// How long the request waited for them.
    package let waited: Nanoseconds
}

/// How admitted work has ended.
package enum EmbeddedEnding: Sendable {
    /// It did its work.
    case completed
    /// It failed.
    case failed
    /// It never got to work.
    case abandoned
}
