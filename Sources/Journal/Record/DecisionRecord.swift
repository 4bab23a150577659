package import Vocabulary

/// One decision as the journal keeps it: who asked for what, what was decided, and everything that explains why.
///
/// Names, not indices: a record must still make sense when the policy it was made under is long gone. Made by the
/// gateway after the answer is on its way, so nothing here is on the request path.
package struct DecisionRecord: Hashable, Sendable {
    /// The name of the decision; the caller received it as `Headgate-Decision`.
    ///
    /// Carries the moment.
    package let id: DecisionID
    /// The tenant's name; `nil` when nobody is known.
    package var tenant: String?
    /// The principal's name; `nil` when nobody is known.
    package var principal: String?
    /// What tells people which credential was used, such as a key's id.
    ///
    /// Never the secret, nor a part of it.
    package var credentialHint: String?
    /// The request's method, at most `methodLengthMax` bytes.
    package let method: String
    /// The request's path without query and fragment, at most `pathLengthMax` bytes.
    package let path: String
    /// The operation's name; `nil` when no operation of the policy matches.
    package var operation: String?
    /// The class's name; `nil` when the request was refused before it had one.
    package var trafficClass: String?
    /// The tier's name.
    package var tier: String
    /// The region's name, where the request named one.
    package var region: String?
    /// What the request costs, in cost units.
    package var cost: Int64
    /// The class the caller claimed, and what became of the claim; `nil` when it claimed none.
    package var claim: Claim?
    /// How the snapshot was applied to the class.
    package var stage: Stage
    /// What happened to the request.
    package var outcome: Outcome
    /// Why.
    package var reason: Reason
    /// What enforcement would have said, where the stage is milder and it would have refused.
    package var wouldBe: WouldBe?
    /// The version of the policy that decided.
    package var policyVersion: PolicyVersion
    /// The name of that policy.
    package var policyName: String
    /// The budget that refused, or the one that paid; `nil` when no budget was asked.
    package var decidingBudget: DecidingBudget?
    /// What the deciding budget's lane can reach at most, in cost units.
    package var limit: Int64?
    /// What of it was left after the decision.
    package var remaining: Int64?
    /// When the same request would be admitted if nobody else came; `nil` when admitted, or when waiting cannot help.
    package var retryAfter: Nanoseconds?
    /// When the deciding budget will be full again.
    package var fullAfter: Nanoseconds?
    /// How long the request was held in a queue.
    package var wait: Nanoseconds
    /// How long the decision took, without the wait.
    package var duration: Nanoseconds
    /// By which door the request came in.
    package var source: Source
    /// The names of the tenant's classes that were active around the decision: candidates for a collision.
    package var activeClasses: [String]
    /// The budgets that were looked at, in the order they were asked.
    package var readings: [BudgetReading]

    /// The protected lanes that came too close to their boundaries with this decision, where that is news.
    package var nearMisses: [NearMiss]

    /// When the decision fell; the id carries it, so that the two can never disagree.
    package var wall: WallTime { id.wall }

    /// States what every decision has; the rest is set where there is something to say.
    ///
    /// The method is cut to `methodLengthMax` bytes, the path at the first `?` or `#` and to `pathLengthMax` bytes.
    /// What looks like a key is masked in both.
    package init(
        id: DecisionID, method: String, path: String, tier: String, cost: Int64 = 1, stage: Stage, outcome: Outcome,
        reason: Reason, policyVersion: PolicyVersion, policyName: String, source: Source
    ) {
        self.id = id
        self.method = method.withKeysMasked.clipped(toBytes: DecisionRecord.methodLengthMax)
        self.path = DecisionRecord.boundedPath(path)
        self.tier = tier
        self.cost = cost
        self.stage = stage
        self.outcome = outcome
        self.reason = reason
        self.policyVersion = policyVersion
        self.policyName = policyName
        self.source = source
        wait = .zero
        duration = .zero
        activeClasses = []
        readings = []
        nearMisses = []
    }
}
