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
    /// The highest ceiling that may hold for the tenant, and for what tenants share.
    var envelope = Envelope.baseline
    var sharedEnvelope = Envelope.baseline
    /// How the policy is applied to the class.
    var stage = Stage.enforce
    /// What happens.
    private(set) var outcome = Outcome.admit
    /// Why.
    private(set) var reason = Reason.withinGuarantee
    /// What enforcement would have said, where the stage is milder and it would have refused.
    private(set) var wouldBe: Reason?
    /// What its idempotency key has led to; `nil`: it has none, or none that counts.
    private(set) var repetition: Repetition?
    /// The protected lanes that it brought too close to their boundaries, where that is news.
    var nearMisses: [NearMiss] = []
    /// What the quarantine list says about the request; `nil`: nothing.
    var restraint: Restraint?
    /// How long it took.
    var duration = Nanoseconds.zero
    /// How long the request waited for seats.
    private(set) var waited = Nanoseconds.zero
    /// When to come again, where it was the seats that were wanting.
    private var seatsRetryAfter: Nanoseconds?
    /// What the engine was asked.
    private var asked: AdmissionRequest?
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
        envelope = .baseline
        sharedEnvelope = .baseline
        stage = .enforce
        unsafe verdict.reset()  // SAFETY: see `verdict`
        outcome = .admit
        reason = .withinGuarantee
        wouldBe = nil
        if repetition != nil { repetition = nil }
        if restraint != nil { restraint = nil }
        duration = .zero
        waited = .zero
        seatsRetryAfter = nil
        asked = nil
        if !nearMisses.isEmpty { nearMisses = [] }
    }
}

extension Decision {
    // SAFETY: see `verdict`; none of these hands it out but `ask`.

    /// Asks the engine.
    ///
    /// - Returns: `false` when another policy was applied meanwhile, and everything has to be looked at again.
    func ask(_ engine: AdmissionEngine, _ request: AdmissionRequest) -> Bool {
        guard unsafe engine.decide(request, with: state.blueprint, at: moment, into: &verdict) else { return false }
        asked = request
        conclude()
        return true
    }

    /// Gives back what it took from the budgets, once.
    private func giveBack(to engine: AdmissionEngine, at moment: Moment) {
        guard let request = asked, unsafe request.hasSpent(verdict) else { return }
        asked = nil
        unsafe engine.giveBack(request, verdict, takenWith: state.blueprint, at: moment)
    }

    /// Takes over what became of its seats.
    ///
    /// A class that is not enforced yet runs without them, and it is recorded what enforcement would have said.
    func take(_ seats: SeatConclusion, _ engine: AdmissionEngine, at moment: Moment) {
        switch seats {
        case .granted(let waited):
            self.waited = waited
            if waited > .zero { outcome = .queue }
        case .refused(let refusal, let retryAfter, let waited):
            self.waited = waited
            guard stage == .enforce else {
                if wouldBe == nil {
                    reason = .stageNotEnforcing
                    wouldBe = stage == .observe ? nil : refusal
                }
                return
            }
            giveBack(to: engine, at: moment)
            outcome = refusal.outcome
            reason = refusal
            seatsRetryAfter = retryAfter
        }
    }

    /// Ends the decision as a repeat of one that was charged: nothing is short, whatever the budgets said when they
    /// were looked at.
    func repeatFirst(as outcome: Outcome, _ repetition: Repetition) {
        reason = .idempotentReplay
        wouldBe = nil
        self.outcome = outcome
        self.repetition = repetition
        unsafe verdict.retryAfter = nil
    }

    /// Says when to come again, where it is not a budget that says so.
    func setRetryAfter(_ time: Nanoseconds) { if !isAdmitted { unsafe verdict.retryAfter = time } }

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
    var retryAfter: Nanoseconds? { unsafe restraint?.coolDown ?? seatsRetryAfter ?? verdict.retryAfter }
    /// Whether it was the seats that were wanting, and no budget.
    var isRefusedBySeats: Bool { seatsRetryAfter != nil }
    /// The classes of the tenant that were active in this or the previous second, one bit per class.
    var activeClasses: UInt64 { unsafe verdict.activeClasses }

    /// Ends the decision with what the engine said.
    private func conclude() {
        reason = unsafe spoken(verdict.reason)
        wouldBe = unsafe verdict.wouldBe.map { spoken($0) }
        outcome = unsafe verdict.isAdmitted ? .admit : reason.outcome
        if wouldBe == nil, isAdmitted, let restraint { wouldBe = restraint.shadowed }
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

    /// Moves the request into the tier, and so into the budget, of what is not trusted.
    func moveToQuarantine() { classification.tier = state.policy.quarantineTier }

    /// Ends the decision with a refusal by who or what the request is.
    ///
    /// Such refusals are no caps: a stage that the policy states softens them, a blackout does not.
    func refuse(_ refusal: Reason, repetition: Repetition? = nil) {
        self.repetition = repetition
        refuse(refusal, in: classification.stageOfRefusal)
    }

    /// Ends the decision with a refusal in some stage.
    func refuse(_ refusal: Reason, in stage: Stage) {
        self.stage = stage
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
    /// Takes note of what the key of an admitted request leads to.
    func take(_ repetition: Repetition) { self.repetition = repetition }

    /// Runs in the place of the first request, which has failed: that one was charged for it.
    func runInstead(_ run: IdempotentRun) {
        outcome = .admit
        repetition = Repetition(.run(run), first: repetition?.first)
    }

    /// Turns an admission, which was charged, into the answer that the first request got.
    func replay(_ repetition: Repetition) {
        outcome = .replay
        self.repetition = repetition
    }
}

extension Decision {
    /// Whether the request goes on.
    var isAdmitted: Bool {
        switch outcome {
        case .admit, .queue: true
        case .throttle, .shed, .block, .challenge, .replay: false
        }
    }
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
    var tenantName: String? { identity.tenant.map { state.binding.directory.tenantName(at: $0) } }
    /// The name of the principal; `nil`: unknown.
    var principalName: String? { identity.principal.map { state.binding.directory.principalName(at: $0) } }
}
