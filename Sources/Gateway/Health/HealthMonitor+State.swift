internal import Admission
internal import Journal
internal import Policy
internal import Vocabulary

extension HealthMonitor {
    /// What changes.
    struct State {
        /// What the policy says; `nil`: it does not ask.
        var policy: HealthPolicy?
        /// What others have told.
        var board = SignalBoard()
        /// The health that counts.
        var course = HealthCourse()
        /// Tenants with too many failures.
        var held = HeldTenants()
        /// What event loops read.
        var view: HealthView
        /// What answers say.
        var upstream: UpstreamGauge.Reading?
        /// The ceiling that was picked last.
        var picked = Envelope.baseline
        /// Whether the record says that work is kept out, and since when none has been.
        var isPressed = false
        var openSince: Int64?
        /// Names lines of the record.
        var identifiers = DecisionIDSource()
        /// Lines that wait to be written.
        var outbox: [IncidentRecord] = []
        /// How often the health has changed.
        var changeCount: UInt64 = 0
        /// How often a tenant was held.
        var heldCount: UInt64 = 0

        /// Monitors by a policy, about which nobody has said anything yet.
        init(_ policy: HealthPolicy?) {
            self.policy = policy
            view = HealthView(
                health: .stressed, held: [], watch: policy.map { TenantErrorWatch($0.tenantErrors) })
        }
    }
}

extension HealthMonitor.State {
    /// Looks at everything anew.
    ///
    /// - Returns: whether there is another view.
    mutating func settle(upstream reading: UpstreamGauge.Reading?, at moment: Moment) -> Bool {
        upstream = reading
        let isFreed = held.expire(at: moment.monotonic)
        board.expire(by: policy, at: moment.monotonic)
        let before = course.present
        if let policy {
            let causes = causes(policy, at: moment.monotonic)
            let seen = causes.map(\.health).max() ?? .spare
            if course.take(seen, settle: policy.settle, at: moment.monotonic) {
                note(before, course.present, causes, at: moment.wall)
            }
        }
        guard isFreed || before != course.present else { return false }
        renew(watch: view.watch)
        return true
    }

    /// The ceiling that holds from now on, if it is another than the one that was picked last.
    mutating func pick() -> Envelope? {
        let envelope = view.health.envelope
        guard envelope != picked else { return nil }
        picked = envelope
        return envelope
    }

    /// Makes the view anew.
    mutating func renew(watch: TenantErrorWatch?) {
        view = HealthView(health: policy == nil ? .stressed : course.present, held: held.tenants, watch: watch)
    }

    /// Everything that says how the system is.
    func causes(_ policy: HealthPolicy, at now: Nanoseconds) -> [HealthMonitor.Cause] {
        var causes = policy.signals.map { signal in
            let entry = board.entry(signal.name).flatMap { $0.until > now ? $0 : nil }
            return HealthMonitor.Cause(
                name: signal.name, health: board.health(of: signal, at: now), value: entry?.value,
                left: entry.map { $0.until - now })
        }
        if let marks = policy.upstream {
            causes.append(
                HealthMonitor.Cause(name: "upstream", health: marks.health(of: upstream), value: nil, left: nil))
        }
        return causes
    }

    /// Notes a change of the health.
    mutating func note(
        _ before: Health, _ after: Health, _ causes: [HealthMonitor.Cause], at wall: WallTime
    ) {
        changeCount += 1
        let worst = causes.filter { $0.health >= after }.map { "\($0.name) says \($0.health.name)" }
        let why = worst.isEmpty ? "it has been better for a while" : worst.joined(separator: ", ")
        note(
            "system", action: after.envelope.name,
            reason: "the health is \(after.name), was \(before.name): \(why)",
            evidence: causes.compactMap(\.evidence).joined(separator: " "), at: wall)
    }

    /// Notes that work is kept out from now on, or that it has not been for so long that it is over.
    mutating func notePressure(_ keptOut: [SeatTurn.KeptOut], at moment: Moment) {
        let now = moment.monotonic.count
        guard keptOut.isEmpty else {
            openSince = nil
            guard !isPressed else { return }
            isPressed = true
            let tiers = keptOut.map { "\($0.tier)=\($0.letInBasisPoints)" }.joined(separator: " ")
            return note(
                "seats", action: "threshold",
                reason: "more asks for seats than can be given: not all of \(keptOut[0].tier) may wait",
                evidence: tiers, at: moment.wall)
        }
        guard isPressed else { return }
        let since = openSince ?? now
        openSince = since
        guard now - since >= HealthMonitor.pressureOver.count else { return }
        isPressed = false
        note(
            "seats", action: "open", reason: "what asks for seats can be given them again", evidence: "",
            at: moment.wall)
    }

    private mutating func note(
        _ subject: String, action: String, reason: String, evidence: String, at wall: WallTime
    ) {
        if outbox.count >= HealthMonitor.outboxMax { outbox.removeFirst(HealthMonitor.outboxMax / 8) }
        outbox.append(
            IncidentRecord(
                id: identifiers.next(at: wall), event: .changed, wall: wall, kind: "health", subject: subject,
                action: action, stage: Stage.enforce.name, rule: nil, operatorName: nil, reason: reason,
                evidence: evidence, until: wall))
    }
}

extension HealthMonitor.Cause {
    /// What was told, as records keep it.
    fileprivate var evidence: String? {
        switch value {
        case .number(let number): "\(name)=\(number)"
        case .health(let health): "\(name)=\(health.rawValue)"
        case nil: nil
        }
    }
}
