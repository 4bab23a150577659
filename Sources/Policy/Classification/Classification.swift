package import Vocabulary

/// What a request is: the answer of `Snapshot.classify`.
package struct Classification: Hashable, Sendable {
    /// The operation, an index into `Snapshot.operations`; -1 when the policy does not know the request.
    package var operation: Int
    /// The class, an index into `Snapshot.classes`.
    package var trafficClass: Int
    /// The tier, an index into `Snapshot.tiers`.
    package var tier: Int
    /// What the request costs, in cost units; at least 1.
    package var cost: Int64
    /// What became of the caller's claim.
    package var claim: Claim
    /// Why the request is refused before any budget is asked; `nil` when budgets decide.
    package var refusal: Reason?
    /// The stage in which the request is refused by who or what it is, at any hour: blackouts keep budgets from
    /// refusing and nothing else.
    package var stageOfRefusal: Stage

    /// What became of a claim to a class.
    package enum Claim: UInt8, Sendable {
        /// The caller claimed nothing.
        case none
        /// The principal may claim this class, and it holds.
        case honoured
        /// The principal may not claim this class; the request was classified as if nothing had been claimed.
        case ignored
    }

    /// States what a request is.
    package init(
        operation: Int, trafficClass: Int, tier: Int, cost: Int64, claim: Claim = .none, refusal: Reason? = nil,
        stageOfRefusal: Stage = .enforce
    ) {
        self.operation = operation
        self.trafficClass = trafficClass
        self.tier = tier
        self.cost = cost
        self.claim = claim
        self.refusal = refusal
        self.stageOfRefusal = stageOfRefusal
    }
}

/// What is known of a caller once its credential has been verified, in indices of one snapshot.
package struct Caller: Hashable, Sendable {
    /// The plan of the caller's tenant, an index into `Snapshot.plans`; -1 when nobody is known.
    package var plan: Int
    /// The classes the principal may claim, indices into `Snapshot.classes`; the first is its class when it claims
    /// none.
    package var classes: [Int]
    /// Attributes the principal may state by itself, where the calling proxy is not trusted to.
    package var attributes: [String]

    /// States what is known of a caller.
    package init(plan: Int, classes: [Int] = [], attributes: [String] = []) {
        self.plan = plan
        self.classes = classes
        self.attributes = attributes
    }
}
