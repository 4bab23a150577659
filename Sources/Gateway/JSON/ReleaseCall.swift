internal import NIOCore

/// What the body of `PUT` or `DELETE /v1/admissions/{id}` says; every member may be missing, and so may the body.
struct ReleaseCall: Sendable {
    /// The key or token of the caller.
    var credential: ByteRange?
    /// How the work has ended: a word of `outcomes`.
    var outcome: String?
    /// The status that the upstream answered with.
    var status: Int64?
    /// How long the upstream took, in milliseconds.
    var latencyMilliseconds: Int64?
    /// How long the lease lasts from now on, in milliseconds.
    var leaseMilliseconds: Int64?

    /// The words for how work ends.
    static let outcomes = ["completed", "failed", "abandoned"]
    /// Milliseconds that work may have taken: longer than any lease lasts.
    static let latencyRange: ClosedRange<Int64> = 0...86_400_000
}

extension CheckCallDecoder {
    /// Decodes the body that renews (`PUT`) or ends (`DELETE`) an admission.
    ///
    /// - Throws: the first thing that is wrong.
    mutating func decodeRelease(_ body: ByteBuffer, renews: Bool) throws(JSONError) -> ReleaseCall {
        begin(body)
        var call = ReleaseCall()
        guard body.readableBytes > 0 else { return call }
        try scanner.beginObject()
        while let name = try scanner.nextMember() {
            let member = scanner.string(name)
            if try scanner.readNull() { continue }
            switch (member, renews) {
            case ("credential", _): call.credential = try readText(.credential)
            case ("leaseMs", true): call.leaseMilliseconds = try readInteger(in: limits.leaseRange)
            case ("outcome", false): call.outcome = try readOutcome()
            case ("status", false): call.status = try readInteger(in: 100...599)
            case ("latencyMs", false): call.latencyMilliseconds = try readInteger(in: ReleaseCall.latencyRange)
            default:
                let members = renews ? "credential and leaseMs" : "credential, outcome, status and latencyMs"
                throw scanner.invalid("is an unknown member; there are \(members)")
            }
        }
        try scanner.end()
        return call
    }

    private mutating func readOutcome() throws(JSONError) -> String {
        _ = try scanner.peek()
        let start = scanner.offset
        let word = scanner.string(try scanner.readString())
        guard ReleaseCall.outcomes.contains(word) else {
            throw scanner.invalid("must be `completed`, `failed` or `abandoned`", at: start)
        }
        return word
    }
}
