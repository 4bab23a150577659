/// What `Snapshot.classify` needs to know of a request.
package struct ClassificationRequest: Sendable {
    /// Which call it is.
    package var target: Target
    /// The class that the caller claims, if any: a name from a header or from the body of a check call.
    package var claim: String?
    /// Facts about the call that somebody trusted has stated, as `workflow.stage` and `active`.
    ///
    /// Whoever builds the request drops those that the caller may not state (`Caller.attributes`). A fact may be stated
    /// twice; if the two contradict each other, an operation that hangs on it counts as unknown.
    package var attributes: [(name: String, value: String)]
    /// Who calls.
    package var caller: Caller

    /// Which call it is.
    package enum Target: Sendable {
        /// What the matcher found: how the hot path asks, whose method and path are bytes in a buffer.
        case matched(MatchResult)
        /// A method and a raw request target, still to be matched.
        case call(method: String, path: String)
        /// An operation by its name: only from callers that are trusted to name it, since nothing checks it.
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
