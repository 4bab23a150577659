internal import Admission
internal import Directory
internal import Journal
internal import Policy
internal import Vocabulary

/// One decision with everything that answers and records say about it.
///
/// A class, so that nobody copies the kilobyte that it holds. `Decider` fills the same one again as soon as whoever was
/// given it has let go of it, so a decision allocates nothing.
final class Decision {
    /// Its name.
    private(set) var id: DecisionID
    /// What it was decided by.
    private(set) var state: DataPlaneState
    /// Who asked.
    private(set) var identity: Identity
    /// What the request is.
    private(set) var classification: Classification
    /// What the caller said.
    var call: DecisionCall
    /// The counter of a descriptor that decides instead of the budgets of a tenant.
    private(set) var counter: DescriptorCounter?
    /// The plan of the tenant, or that of the descriptor's limit, an index into the policy's `enginePlans`; -1: nobody
    /// is known.
    ///
    /// Plans are read in place, by index: copying one out retains and releases every table that it has.
    private(set) var planIndex: Int
    /// When it fell.
    private(set) var moment: Moment
    /// When the calendar periods end that hold the moment.
    private(set) var periodEnds: PeriodEnds
    /// The region that was asked; -1: none.
    var region = -1
    /// How the policy is applied to the class.
    var stage = Stage.enforce
    /// What happens.
    private(set) var outcome = Outcome.admit
    /// Why.
    private(set) var reason = Reason.withinGuarantee
    /// What enforcement would have said, where the stage is milder and it would have refused.
    private(set) var wouldBe: Reason?
    /// How long it took.
    var duration = Nanoseconds.zero
    /// What the engine said; nothing when it was not asked.
    // SAFETY: only methods of this file touch it. The one that hands it out for writing hands it to the engine, which
    // knows no decision and so cannot read it meanwhile.
    @exclusivity(unchecked) private var verdict = Verdict()

    /// Begins a decision, which still has to be taken.
    init(
        id: DecisionID, state: DataPlaneState, identity: Identity, classification: Classification, call: DecisionCall,
        counter: DescriptorCounter? = nil, moment: Moment, periodEnds: PeriodEnds
    ) {
        self.id = id
        self.state = state
        self.identity = identity
        self.classification = classification
        self.call = call
        self.counter = counter
        planIndex = counter?.plan ?? identity.plan
        self.moment = moment
        self.periodEnds = periodEnds
    }

    /// Begins another decision in the same place: what `init` does.
    func begin(
        id: DecisionID, state: DataPlaneState, identity: Identity, classification: Classification, call: DecisionCall,
        moment: Moment, periodEnds: PeriodEnds
    ) {
        self.id = id
        if self.state !== state { self.state = state }
        self.identity = identity
        self.classification = classification
        self.call = call
        counter = nil
        planIndex = identity.plan
        self.moment = moment
        self.periodEnds = periodEnds
        region = -1
        stage = .enforce
        unsafe verdict.reset()  // SAFETY: see `verdict`
        outcome = .admit
        reason = .withinGuarantee
        wouldBe = nil
        duration = .zero
    }
}

extension Decision {
    // SAFETY: see `verdict`; none of these hands it out but `ask`.

    /// Asks the engine.
    ///
    /// - Returns: `false` when another policy was applied meanwhile, and everything has to be looked at again.
    func ask(_ engine: AdmissionEngine, _ request: AdmissionRequest) -> Bool {
        guard unsafe engine.decide(request, with: state.blueprint, at: moment, into: &verdict) else { return false }
        conclude()
        return true
    }

    /// Takes over what the engine said of several decisions together.
    func take(_ verdict: Verdict) {
        unsafe self.verdict = verdict
        conclude()
    }

    /// How many budgets were looked at.
    var readingCount: Int { unsafe verdict.readingCount }
    /// Which of them decided; -1: none.
    var deciding: Int { unsafe verdict.deciding }
    /// One of the budgets that were looked at.
    func reading(at index: Int) -> BudgetReading { unsafe verdict.readings[index] }
    /// When the same request would be admitted if nobody else came; `nil` when admitted, or when waiting cannot help.
    var retryAfter: Nanoseconds? { unsafe verdict.retryAfter }
    /// The classes of the tenant that were active in this or the previous second, one bit per class.
    var activeClasses: UInt64 { unsafe verdict.activeClasses }

    /// Ends the decision with what the engine said.
    private func conclude() {
        reason = unsafe spoken(verdict.reason)
        wouldBe = unsafe verdict.wouldBe.map { spoken($0) }
        outcome = unsafe verdict.isAdmitted ? .admit : reason.outcome
    }

    /// A reason of the engine, which takes the counter of a descriptor's limit for a tenant.
    private func spoken(_ reason: Reason) -> Reason {
        guard isOfLimit else { return reason }
        return switch reason {
        case .withinGuarantee, .borrowed: .withinLimit
        case .tenantCeiling, .classBudget: .descriptorLimit
        default: reason
        }
    }

    /// Ends the decision with a refusal by who or what the request is.
    ///
    /// Such refusals are no caps: a stage that the policy states softens them, a blackout does not.
    func refuse(_ refusal: Reason) {
        stage = classification.stageOfRefusal
        if stage == .enforce {
            outcome = refusal.outcome
            reason = refusal
        } else {
            reason = .stageNotEnforcing
            wouldBe = stage == .observe ? nil : refusal
        }
    }
}

extension Decision {
    /// Whether the request goes on.
    var isAdmitted: Bool { if case .admit = outcome { true } else { false } }
    /// The policy.
    var policy: Snapshot { state.policy }
    /// Whether the limit of a descriptor decides instead of the budgets of a tenant.
    var isOfLimit: Bool { counter != nil }
    /// The limit of a descriptor that decides instead of the budgets of a tenant.
    var limit: DescriptorLimit? { counter.flatMap { policy.descriptors.limit(at: $0.node) } }
    /// The name of the class; what a descriptor's own limit decides has none.
    var className: String { isOfLimit ? Decision.noName : policy.classes[classification.trafficClass].name }
    /// The name of the tier; what a descriptor's own limit decides has none.
    var tierName: String { isOfLimit ? Decision.noName : policy.tiers[classification.tier].name }
    /// What stands in metrics and records where there is no class and no tier.
    static let noName = "none"
    /// The name of the operation; `nil`: unknown.
    var operationName: String? {
        classification.operation < 0 ? nil : policy.operations[classification.operation].name
    }
    /// The name of the tenant; `nil`: nobody is known.
    var tenantName: String? { identity.tenant.map { state.binding.directory.tenants[$0].name } }
    /// The name of the principal; `nil`: unknown.
    var principalName: String? { identity.principal.map { state.binding.directory.principals[$0].name } }
}
