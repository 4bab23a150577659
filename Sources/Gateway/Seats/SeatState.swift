internal import Admission
internal import Policy
internal import Vocabulary

/// What the gate's lock guards: scheduler, ceiling, the table of those who hold or wait.
///
/// Nothing in here calls out; who is to be told something is returned.
struct SeatState: ~Copyable {
    /// The policy that the settings are from.
    private(set) var policy: Snapshot
    private var settings: SchedulerSettings
    private var scheduler: Scheduler
    /// `nil`: the policy states the limit.
    private var ceiling: ConcurrencyCeiling?
    /// How far down new work may wait.
    private(set) var pressure: AdmissionPressure
    /// What the answers of those who held seats say.
    private(set) var gauge: UpstreamGauge
    private var table = SeatTable()
    /// What the scheduler said last; kept for its memory.
    private var actions: [SchedulerAction] = []
    /// For which moment the timer is set; `nil`: it is not.
    private(set) var timer: Nanoseconds?
    /// How often requests were refused, by tier and reason (`SeatCounts.reasons`).
    private var refusals: [[UInt64]]
    /// How often a hold was ended that had ended.
    private(set) var staleCount: UInt64 = 0

    /// Who is to be told something.
    struct Notice {
        /// Whom.
        let waiter: any SeatWaiter
        /// About what.
        let hold: SeatHold
    }

    /// Timers are this coarse, so that a storm of deadlines is none of timers.
    static let timerGrain: Int64 = 1_000_000

    /// Seats as a policy states them, nothing in use.
    init(policy: Snapshot, at now: Nanoseconds) {
        self.policy = policy
        settings = SchedulerSettings(policy)
        ceiling = policy.seats.limit.ceiling.map { ConcurrencyCeiling($0, at: now) }
        let limit = ceiling?.limit ?? policy.seats.limit.max
        pressure = AdmissionPressure(
            tierCount: policy.tiers.count, isControlling: policy.seats.hasThreshold, at: now)
        gauge = UpstreamGauge(at: now)
        scheduler = Scheduler(settings, limit: limit, at: now)
        refusals = SeatState.noRefusals(tiers: policy.tiers.count)
    }

    private static func noRefusals(tiers: Int) -> [[UInt64]] {
        [[UInt64]](repeating: [UInt64](repeating: 0, count: SeatCounts.reasons.count), count: tiers)
    }

    /// Starts a request, lets it wait, or refuses it.
    mutating func ask(
        _ request: SeatRequest, for waiter: any SeatWaiter, at now: Nanoseconds, telling notices: inout [Notice]
    ) -> SeatAnswer {
        let tier = request.policy === policy ? request.tier : successor(of: request.policy.tiers[request.tier].name)
        let index = table.take(tier: tier, at: now)
        let arrival = Arrival(
            caller: UInt64(index), tenant: request.tenant ?? SeatRequest.unknownTenant, tier: tier,
            weight: request.weight, seats: request.seats, waitMax: request.waitMax, deadline: request.deadline)
        watchPressure(at: now, telling: &notices)
        let isInside = scheduler.isInside(tier, with: arrival.seats)
        scheduler.step(.arrive(arrival), at: now, into: &actions)
        pressure.noteArrival(arrival, isInside: isInside)
        let refusal = takeActions(newcomer: index, at: now, telling: &notices)
        let reserve = scheduler.reserve(tier: tier)
        if let refusal {
            count(refusal.reason, of: index)
            table.free(index)
            let course = SeatAnswer.Course.refused(refusal.reason, retryAfter: refusal.retryAfter)
            return SeatAnswer(course: course, left: -1, reserved: reserve.seats)
        }
        if case .waiting = table[index].state {
            table[index].waiter = waiter
            return SeatAnswer(course: .queued(table.hold(index)), left: 0, reserved: reserve.seats)
        }
        return SeatAnswer(course: .started(table.hold(index)), left: reserve.left, reserved: reserve.seats)
    }

    /// Gives seats back.
    mutating func finish(
        _ hold: SeatHold, _ ending: Ending, latency: Nanoseconds?, at now: Nanoseconds,
        telling notices: inout [Notice]
    ) {
        guard let index = table.find(hold), let ticket = table[index].ticket, table[index].state.holdsSeats else {
            staleCount += 1
            return
        }
        if let latency, ending != .abandoned {
            gauge.note(latency: latency, isFailure: ending == .failed, at: now)
        }
        if let latency, ending != .abandoned,
            ceiling?.note(latency: latency, inFlight: scheduler.inUse, isFailure: ending == .failed, at: now) == true,
            let limit = ceiling?.limit, limit != scheduler.limit
        {
            scheduler.step(.limit(limit), at: now, into: &actions)
            takeActions(at: now, telling: &notices)
        }
        watchPressure(at: now, telling: &notices)
        table.free(index)
        scheduler.step(.finish(ticket, ending), at: now, into: &actions)
        takeActions(at: now, telling: &notices)
    }

    /// Lets go of a request, wherever it is.
    mutating func cancel(_ hold: SeatHold, at now: Nanoseconds, telling notices: inout [Notice]) {
        guard let index = table.find(hold) else { return }
        watchPressure(at: now, telling: &notices)
        let entry = table[index]
        table.free(index)
        guard let ticket = entry.ticket else { return }
        switch entry.state {
        case .waiting: scheduler.step(.cancel(ticket), at: now, into: &actions)
        case .granted, .running: scheduler.step(.finish(ticket, .abandoned), at: now, into: &actions)
        case .free, .refused: return
        }
        takeActions(at: now, telling: &notices)
    }

    /// Refuses whoever has waited as long as it may.
    mutating func tick(at now: Nanoseconds, telling notices: inout [Notice]) {
        timer = nil
        watchPressure(at: now, telling: &notices)
        scheduler.step(.tick, at: now, into: &actions)
        takeActions(at: now, telling: &notices)
    }

    /// Goes on by another policy.
    mutating func apply(_ next: Snapshot, at now: Nanoseconds, telling notices: inout [Notice]) {
        let settings = SchedulerSettings(next)
        let isSame = settings == self.settings && next.tiers.map(\.name) == policy.tiers.map(\.name)
        guard !isSame || next.seats != policy.seats else {
            policy = next
            return
        }
        let previous = policy
        policy = next
        self.settings = settings
        if let bounds = next.seats.limit.ceiling {
            if ceiling == nil { ceiling = ConcurrencyCeiling(bounds, at: now) } else { ceiling?.apply(bounds) }
        } else {
            ceiling = nil
        }
        let shed = pressure.shed
        pressure = AdmissionPressure(tierCount: next.tiers.count, isControlling: next.seats.hasThreshold, at: now)
        pressure.shed = shed
        scheduler.step(.threshold(.open), at: now, into: &actions)
        takeActions(at: now, telling: &notices)
        let successors = previous.tiers.map { successor(of: $0.name) }
        let refusals = refusals
        self.refusals = SeatState.noRefusals(tiers: next.tiers.count)
        for (tier, successor) in successors.enumerated() {
            for reason in refusals[tier].indices { self.refusals[successor][reason] += refusals[tier][reason] }
        }
        table.move(toTiers: successors)
        scheduler.apply(
            settings, tiers: successors, limit: ceiling?.limit ?? next.seats.limit.max, at: now, into: &actions)
        takeActions(at: now, telling: &notices)
    }

    /// The tier of a name; if it is gone, the least protected one that the policy states.
    ///
    /// Not quarantine: nobody has done anything.
    private func successor(of name: String) -> Int {
        policy.tiers.firstIndex { $0.name == name } ?? max(0, policy.quarantineTier - 1)
    }
}

extension SeatState {
    /// Has time pass for the pressure, and the scheduler know of another threshold.
    private mutating func watchPressure(at now: Nanoseconds, telling notices: inout [Notice]) {
        guard
            pressure.advance(
                to: now, inUse: scheduler.inUse, limit: scheduler.limit, waiting: scheduler.waiting),
            pressure.endWindow(at: now, watching: scheduler)
        else { return }
        scheduler.step(.threshold(pressure.threshold), at: now, into: &actions)
        takeActions(at: now, telling: &notices)
    }

    /// Takes how much work is to be let go at any rate, and lets a window end that is over.
    mutating func turn(shed: Int64, at now: Nanoseconds, telling notices: inout [Notice]) {
        pressure.shed = shed
        watchPressure(at: now, telling: &notices)
    }

    /// The tiers of which the threshold does not let everything in.
    var keptOut: [SeatTurn.KeptOut] {
        guard pressure.threshold != .open else { return [] }
        return policy.tiers.indices.compactMap { tier in
            let letIn = pressure.letIn(tier: tier)
            return letIn < whole ? SeatTurn.KeptOut(tier: policy.tiers[tier].name, letInBasisPoints: letIn) : nil
        }
    }

    /// Takes note of what the scheduler did.
    ///
    /// - Returns: why the newcomer was refused, if it was.
    @discardableResult
    private mutating func takeActions(
        newcomer: Int32 = -1, at now: Nanoseconds, telling notices: inout [Notice]
    ) -> (reason: Reason, retryAfter: Nanoseconds)? {
        var refusal: (reason: Reason, retryAfter: Nanoseconds)?
        for action in actions {
            pressure.note(action)
            switch action {
            case .start(let ticket, let caller, let seats, let waited):
                let index = Int32(caller)
                table[index].ticket = ticket
                table[index].seats = UInt16(seats)
                table[index].state = index == newcomer ? .running : .granted(waited: waited)
                if index != newcomer { note(index, &notices) }
            case .queue(let ticket, let caller): table[Int32(caller)].ticket = ticket
            case .refuse(_, let reason, let retryAfter): refusal = (reason, retryAfter)
            case .displace(_, let caller, let reason, let retryAfter):
                refuse(Int32(caller), reason, retryAfter, at: now, &notices)
            case .expire(_, let caller, let retryAfter):
                refuse(Int32(caller), .queueTimeout, retryAfter, at: now, &notices)
            }
        }
        return refusal
    }

    private mutating func refuse(
        _ index: Int32, _ reason: Reason, _ retryAfter: Nanoseconds, at now: Nanoseconds, _ notices: inout [Notice]
    ) {
        let waited = Nanoseconds(max(0, now.count - table[index].since.count))
        table[index].state = .refused(reason, retryAfter: retryAfter, waited: waited)
        count(reason, of: index)
        note(index, &notices)
    }

    private func note(_ index: Int32, _ notices: inout [Notice]) {
        guard let waiter = table[index].waiter else { return }
        notices.append(Notice(waiter: waiter, hold: table.hold(index)))
    }

    private mutating func count(_ reason: Reason, of index: Int32) { count(reason, tier: Int(table[index].tier)) }

    private mutating func count(_ reason: Reason, tier: Int) {
        guard let place = SeatCounts.reasons.firstIndex(of: reason) else { return }
        refusals[tier][place] += 1
    }

    /// Counts a request that was refused before it came to ask.
    mutating func noteRefusal(_ reason: Reason, tier: String) { count(reason, tier: successor(of: tier)) }

    /// Whether anybody waits in a tier or in a more protected one.
    func isWaitedFor(downTo tier: String) -> Bool {
        (0...successor(of: tier)).contains { scheduler.waiting(tier: $0) > 0 }
    }

    /// How many seats of a tier requests may have whose bodies are still to come.
    func arrivingMax(tier: String) -> Int {
        let tier = successor(of: tier)
        return max(1, (scheduler.most(tier: tier) + 1) / 2, scheduler.reserve(tier: tier).seats)
    }

    /// What is to be told about a hold; `nil`: it was cancelled meanwhile.
    ///
    /// Afterwards a hold that was granted is only running, and one that was refused has ended.
    mutating func news(of hold: SeatHold) -> SeatTable.State? {
        guard let index = table.find(hold) else { return nil }
        let state = table[index].state
        table[index].waiter = nil
        switch state {
        case .granted: table[index].state = .running
        case .refused: table.free(index)
        case .free, .waiting, .running: return nil
        }
        return state
    }

    /// Whether the timer is to be set, for the moment that `timer` then says; else it is right as it is.
    mutating func changesTimer(at now: Nanoseconds) -> Bool {
        guard scheduler.waiting > 0, let deadline = scheduler.nextDeadline else { return false }
        let next = max(deadline, now + Nanoseconds(SeatState.timerGrain))
        if let timer, timer.count - next.count < SeatState.timerGrain { return false }
        timer = next
        return true
    }

    /// What there is, for metrics.
    var counts: SeatCounts {
        let tiers = policy.tiers.indices.map { tier in
            SeatCounts.Tier(
                name: policy.tiers[tier].name, inUse: scheduler.inUse(tier: tier),
                waiting: scheduler.waiting(tier: tier), refused: refusals[tier],
                letInBasisPoints: pressure.letIn(tier: tier))
        }
        return SeatCounts(limit: scheduler.limit, inUse: scheduler.inUse, tiers: tiers)
    }
}

extension SeatTable.State {
    /// Whether seats are in use for it.
    var holdsSeats: Bool {
        switch self {
        case .granted, .running: true
        case .free, .waiting, .refused: false
        }
    }
}
