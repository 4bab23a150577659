internal import Admission
internal import Directory
internal import Journal
internal import Policy
internal import Tokens
package import Vocabulary

/// Makes decisions on one event loop: identify, classify, admit, count, record.
///
/// Holds what belongs to that loop alone, so it needs no lock and is not `Sendable`.
package final class Decider {
    /// What all loops share.
    package let plane: DataPlane
    private(set) var state: DataPlaneState
    /// What is known about abuse.
    private(set) var abuse: AbuseView
    /// What is known about health.
    private(set) var health: HealthView
    private var generation: UInt64
    private var cache = CredentialCache()
    /// What this loop knows of tokens; `nil`: there are none.
    let tokens: TokenDesk?
    private var clock = Clock()
    private var identifiers = DecisionIDSource()
    /// When the calendar periods end that hold the last requests.
    private var periodEnds = PeriodEndsMemory()
    /// The decision that was made last, to be used again.
    private var last: Decision?
    private let counters: DecisionCounters
    /// Where this loop counts what tenants use.
    let consumption: ConsumptionPart?
    /// Where this loop counts what its customers feel.
    let experience: ExperiencePart

    /// A decider for one event loop.
    package init(plane: DataPlane) {
        self.plane = plane
        generation = plane.generation
        state = plane.state
        abuse = plane.abuse.view
        health = plane.health.view
        counters = plane.metrics.counters()
        consumption = plane.consumption?.part()
        experience = plane.experience.part()
        tokens = plane.tokens.map { TokenDesk($0) }
    }

    /// Finds who has a credential.
    package func identify(_ credential: Span<UInt8>, in state: DataPlaneState, at moment: Moment) -> Identity {
        // Keys have one length, and no token has it.
        if credential.count != Credential.length, let tokens {
            return identify(token: credential, at: tokens, in: state, at: moment)
        }
        let match = cache.match(credential, in: state.binding.directory, at: moment.wall)
        var identity = Identity(credential: match, in: state.binding, at: moment.wall)
        if !abuse.isIdle, match.refusal != nil {
            identity.unknownCredential = hashForAbuse(of: credential)
        }
        return identity
    }

    /// Under which hash the rules against abuse know a credential that is not accepted.
    func hashForAbuse(of credential: Span<UInt8>) -> UInt64 {
        UInt64(truncatingIfNeeded: plane.hash(credential)) | 1 << 63
    }

    /// Decides one request and records the decision.
    ///
    /// - Parameters:
    ///   - call: what the caller says.
    ///   - identify: finds who calls.
    ///   - target: finds which call it is.
    ///   - describe: the method and the path, for the record; called only if one is kept.
    /// - Returns: the decision; it is used again for the next request unless somebody still holds it then.
    @inline(__always)  // so that the closures are no calls
    func decide(
        _ call: DecisionCall, identify: (DataPlaneState, Moment) -> Identity,
        target: (Snapshot) -> ClassificationRequest.Target, describe: () -> (method: String, path: String)
    ) -> Decision {
        let decision = weigh(call, identify: identify, target: target, describe: describe)
        finish(decision, describe: describe)
        return decision
    }

    /// Decides what the budgets say, and neither counts nor records it.
    ///
    /// - Returns: the decision, which stands in `last` until somebody keeps it.
    @inline(__always)  // as above
    func weigh(
        _ call: DecisionCall, identify: (DataPlaneState, Moment) -> Identity,
        target: (Snapshot) -> ClassificationRequest.Target, describe: () -> (method: String, path: String)
    ) -> Decision {
        let (moment, id) = begin()
        while true {
            refresh()
            let state = state
            let identity = identify(state, moment)
            let classification = classify(target(state.policy), call, identity, in: state)
            let decision = decision(id, identity, classification, call, moment)
            guard request(for: decision).map({ ask(decision, $0, describe: describe) }) ?? true else { continue }
            decision.duration = Clock.monotonic() - moment.monotonic
            return decision
        }
    }

    /// Says what a request is.
    @inline(__always)  // as above
    func classify(
        _ target: ClassificationRequest.Target, _ call: DecisionCall, _ identity: Identity, in state: DataPlaneState
    ) -> Classification {
        if identity.token >= 0, let token = tokens?[Int(identity.token)] {
            return classify(target, call, identity, token, in: state)
        }
        return state.policy.classify(
            target, claim: call.claim, attributes: attributes(call, identity),
            caller: identity.caller(in: state.binding))
    }

    /// Lets go of the last decision: it belongs to somebody now and is not to be filled again.
    func handOver() { last = nil }

    /// Reads the clock and names a decision.
    func begin() -> (Moment, DecisionID) {
        // What is read and written in one go needs no check that nobody else is at it.
        var (clock, identifiers) = (clock, identifiers)
        let moment = clock.now()
        let id = identifiers.next(at: moment.wall)
        self.clock = clock
        self.identifiers = identifiers
        return (moment, id)
    }

    /// When the calendar periods end that hold a moment, by the calendar of a plan; -1: of nobody.
    func periodEnds(ofPlan plan: Int, in state: DataPlaneState, at wall: WallTime) -> PeriodEnds {
        let zone = state.zone(ofPlan: plan)
        // Read in one go, as nearly always: a change costs a check that nobody else is at it.
        return periodEnds.known(at: wall, in: zone) ?? periodEnds.turn(to: zone, wall)
    }

    /// A decision that is to be taken, in the place of the last one if nobody holds that any more.
    private func decision(
        _ id: DecisionID, _ identity: Identity, _ classification: Classification, _ call: DecisionCall, _ moment: Moment
    ) -> Decision {
        let periodEnds = periodEnds(ofPlan: identity.plan, in: state, at: moment.wall)
        var last = last
        self.last = nil  // so that it is counted once, here
        if isKnownUniquelyReferenced(&last), let last {
            last.begin(
                id: id, state: state, identity: identity, classification: classification, call: call, moment: moment,
                periodEnds: periodEnds)
            self.last = last
            return last
        }
        let decision = Decision(
            id: id, state: state, identity: identity, classification: classification, call: call, moment: moment,
            periodEnds: periodEnds)
        self.last = decision
        return decision
    }

    /// What the engine is to be asked; `nil` if the decision falls without it, by who or what the request is.
    func request(for decision: Decision) -> AdmissionRequest? {
        if let counter = decision.counter { return counterRequest(counter, for: decision) }
        let classification = decision.classification
        decision.stage = decision.state.stage(ofClass: classification.trafficClass, at: decision.moment.wall)
        decision.region = region(of: decision)
        let refusal = decision.identity.refusal ?? classification.refusal
        if !abuse.isIdle, restrain(decision, whatIsRefusedFor: refusal) { return nil }
        if let refusal {
            decision.refuse(refusal)
            return nil
        }
        var key: TenantKey?
        if let tenant = decision.identity.tenant {
            guard decision.region < 0 || state.binding.allows(region: decision.region, tenant: tenant) else {
                decision.refuse(.regionNotAllowed)
                return nil
            }
            key = state.binding.key(ofTenant: tenant)
        }
        return AdmissionRequest(
            tenant: key, plan: decision.planIndex, operation: classification.operation,
            trafficClass: classification.trafficClass, tier: decision.classification.tier, region: decision.region,
            cost: decision.cost, bytes: max(0, decision.call.bytes), envelope: envelope(of: key, for: decision),
            stage: decision.stage, isPeek: decision.call.isPeek)
    }

    /// A counter is asked alone: no class, no tier, no budget that tenants share.
    ///
    /// By a trusted caller only: what a descriptor says of somebody is a fact about others, and who invents it would
    /// spend what is theirs. A stranger is refused as where it names a tenant without proof, and not by failing the
    /// call: a proxy that lets requests through when its calls fail would let through everything.
    private func counterRequest(_ counter: DescriptorCounter, for decision: Decision) -> AdmissionRequest? {
        guard decision.call.isTrusted else {
            decision.refuse(.unknownCredential, in: .enforce)
            return nil
        }
        decision.stage = counter.stage
        return AdmissionRequest(
            tenant: counter.key, plan: counter.plan, operation: -1, trafficClass: -1, tier: -1,
            cost: decision.cost, stage: counter.stage, isPeek: decision.call.isPeek)
    }

    private func region(of decision: Decision) -> Int {
        guard let name = decision.call.region else { return state.homeRegion }
        return state.policy.regions.firstIndex { $0.name == name } ?? state.homeRegion
    }

    /// The attributes that count: all of a trusted caller's, else those that the principal may state.
    func attributes(_ call: DecisionCall, _ identity: Identity) -> [(name: String, value: String)] {
        var attributes = call.attributes
        if !call.isTrusted, !attributes.isEmpty {
            let caller = identity.caller(in: state.binding)
            attributes.removeAll { attribute in !caller.attributes.contains(attribute.name) }
        }
        return call.configuredAttributes.isEmpty ? attributes : attributes + call.configuredAttributes
    }

    /// Counts a decision and hands it to the journal.
    func finish(_ decision: Decision, describe: () -> (method: String, path: String)) {
        watchLanes(of: decision)
        counters.count(decision)
        consumption?.count(decision)
        if !abuse.isIdle { watch(decision) }
        let heading = DecisionHeading(
            id: decision.id, trafficClass: decision.className, classHint: decision.classification.trafficClass,
            outcome: decision.outcome, reason: decision.reason, wouldBe: decision.wouldBe,
            isNearMiss: !decision.nearMisses.isEmpty)
        plane.journal.record(heading) {
            let (method, path) = describe()
            handOver()
            return KeptDecision(decision, method: method, path: path)
        }
    }

    /// Takes the newest state, if there is a newer one.
    func refresh() {
        let newest = plane.generation
        guard newest != generation else { return }
        generation = newest
        state = plane.state
        abuse = plane.abuse.view
        health = plane.health.view
    }
}
