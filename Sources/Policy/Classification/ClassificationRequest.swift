/// What `Snapshot.classify` needs to know of a request.
package struct ClassificationRequest: Sendable {
    /// Which call it is.
    package var target: Target
    /// The class that the caller claims, if any.
    package var claim: String?
    /// Verified facts about the call, as `workflow.stage` and `active`.
    package var attributes: [(name: String, value: String)]
    /// Who calls.
    package var caller: Caller

    /// Which call it is.
    package enum Target: Sendable {
        /// What the matcher found; how the hot path asks.
        case matched(MatchResult)
        /// A method and a raw path, still to be matched.
        case call(method: String, path: String)
        /// An operation by its name.
        case operation(named: String)
    }

    /// States a request.
    package init(
        target: Target, claim: String? = nil, attributes: [(name: String, value: String)] = [], caller: Caller
    ) {
        self.target = target
        self.claim = claim
        self.attributes = attributes
        self.caller = caller
    }
}
