package import Admission
internal import Directory
internal import Journal
package import Policy
package import Vocabulary

/// One decision with everything that answers and records say about it.
package struct Decision {
    /// Its name.
    package let id: DecisionID
    /// What it was decided by.
    package let state: DataPlaneState
    /// Who asked.
    package let identity: Identity
    /// What the request is.
    package let classification: Classification
    /// What the caller said.
    var call: DecisionCall
    /// The counter of a descriptor that decides instead of the budgets of a tenant.
    var counter: DescriptorCounter?
    /// The region that was asked; -1: none.
    package var region = -1
    /// How the policy is applied to the class.
    package var stage = Stage.enforce
    /// What the engine said; empty when it was not asked.
    package var verdict = Verdict()
    /// What happens.
    package var outcome = Outcome.admit
    /// Why.
    package var reason = Reason.withinGuarantee
    /// What enforcement would have said, where the stage is milder and it would have refused.
    package var wouldBe: Reason?
    /// When it fell.
    package let moment: Moment
    /// How long it took.
    package var duration = Nanoseconds.zero

    /// Whether the request goes on.
    package var isAdmitted: Bool { outcome == .admit }
    /// The policy.
    package var policy: Snapshot { state.policy }
    /// The limit of a descriptor that decides instead of the budgets of a tenant.
    var limit: DescriptorLimit? { counter?.limit }
    /// The name of the class; what a descriptor's own limit decides has none.
    package var className: String { limit == nil ? policy.classes[classification.trafficClass].name : Decision.noName }
    /// The name of the tier; what a descriptor's own limit decides has none.
    package var tierName: String { limit == nil ? policy.tiers[classification.tier].name : Decision.noName }
    /// What stands in metrics and records where there is no class and no tier.
    static let noName = "none"
    /// The name of the operation; `nil`: unknown.
    package var operationName: String? {
        classification.operation < 0 ? nil : policy.operations[classification.operation].name
    }
    /// The name of the tenant; `nil`: nobody is known.
    package var tenantName: String? { identity.tenant.map { state.binding.directory.tenants[$0].name } }
    /// The name of the principal; `nil`: unknown.
    package var principalName: String? { identity.principal.map { state.binding.directory.principals[$0].name } }

    /// Ends the decision with a refusal by who or what the request is.
    ///
    /// Such refusals are no caps: a stage that the policy states softens them, a blackout does not.
    mutating func refuse(_ refusal: Reason) {
        stage = classification.stageOfRefusal
        if stage == .enforce {
            outcome = refusal.outcome
            reason = refusal
        } else {
            reason = .stageNotEnforcing
            wouldBe = stage == .observe ? nil : refusal
        }
    }

    /// A reason of the engine, which takes the counter of a descriptor's limit for a tenant.
    private func spoken(_ reason: Reason) -> Reason {
        guard limit != nil else { return reason }
        return switch reason {
        case .withinGuarantee, .borrowed: .withinLimit
        case .tenantCeiling, .classBudget: .descriptorLimit
        default: reason
        }
    }

    /// Ends the decision with what the engine said.
    mutating func conclude() {
        reason = spoken(verdict.reason)
        wouldBe = verdict.wouldBe.map { spoken($0) }
        outcome = verdict.isAdmitted ? .admit : reason.outcome
    }
}
