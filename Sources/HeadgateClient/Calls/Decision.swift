public import HTTPTypes

/// What was decided about one request, and why.
///
/// The members are those of the check call's answer. A later server may know outcomes that this client does not: such a
/// decision counts as an answer that cannot be read, and the local guard decides.
public struct Decision: Hashable, Sendable {
    /// What happens.
    public var outcome: Outcome
    /// Why: a reason code.
    public var reason: String
    /// Who has decided.
    public var origin: DecisionOrigin
    /// The name to explain the decision by; `nil` if the local guard decided, which keeps no record.
    public var id: String?
    /// The tenant, if it is known.
    public var tenant: String?
    /// The principal, if it is known.
    public var principal: String?
    /// The operation, if the policy knows it.
    public var operation: String?
    /// The class; `nil` if the local guard decided.
    public var trafficClass: String?
    /// The tier.
    public var tier: String
    /// What the request costs.
    public var cost: Int?
    /// The stage in which the policy is applied to the class.
    public var stage: String?
    /// What enforcement would have said, where the stage is milder and it would have refused.
    public var wouldBe: WouldBe?
    /// The version of the policy.
    public var policy: String?
    /// The level of the budget that decided.
    public var budget: String?
    /// The limit of that budget.
    public var limit: Int?
    /// What is left of it.
    public var remaining: Int?
    /// When the same request would be admitted if nobody else came.
    public var retryAfter: Duration?
    /// When that budget is full again.
    public var fullAfter: Duration?
    /// How long the request waited for its seats.
    public var waited: Duration = .zero
    /// What else the server tells the caller in header fields: `RateLimit` and `RateLimit-Policy`, or what its profile
    /// has instead.
    public var limitFields = HTTPFields()

    /// What enforcement would have said.
    public struct WouldBe: Hashable, Sendable {
        /// What would have happened.
        public var outcome: Outcome
        /// Why: a reason code.
        public var reason: String

        /// States both.
        public init(outcome: Outcome, reason: String) {
            self.outcome = outcome
            self.reason = reason
        }
    }

    /// States what every decision has.
    public init(outcome: Outcome, reason: String, tier: String, origin: DecisionOrigin) {
        self.outcome = outcome
        self.reason = reason
        self.tier = tier
        self.origin = origin
    }

    /// Whether the request goes on.
    ///
    /// A `replay` does not: the answer to it was given before.
    public var isAdmitted: Bool { outcome == .admit || outcome == .queue }
}
