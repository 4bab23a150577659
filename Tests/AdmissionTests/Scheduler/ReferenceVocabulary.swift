import Admission
import Vocabulary

/// An event in which requests are called by their callers' numbers, so that two schedulers can be told the same.
enum ReferenceEvent {
    case arrive(Arrival)
    case finish(UInt64, Ending)
    case cancel(UInt64)
    case limit(Int)
    case threshold(AdmissionThreshold)
    case settings(SchedulerSettings, tiers: [Int], limit: Int)
    case tick
}

/// An action without its ticket.
enum Answer: Hashable {
    case start(UInt64, seats: Int, waited: Int64)
    case queue(UInt64)
    case refuse(UInt64, Reason, retryAfter: Int64)
    case displace(UInt64, Reason, retryAfter: Int64)
    case expire(UInt64, retryAfter: Int64)

    init(_ action: SchedulerAction) {
        switch action {
        case .start(_, let caller, let seats, let waited): self = .start(caller, seats: seats, waited: waited.count)
        case .queue(_, let caller): self = .queue(caller)
        case .refuse(let caller, let reason, let retry): self = .refuse(caller, reason, retryAfter: retry.count)
        case .displace(_, let caller, let reason, let retry):
            self = .displace(caller, reason, retryAfter: retry.count)
        case .expire(_, let caller, let retry): self = .expire(caller, retryAfter: retry.count)
        }
    }
}

extension Answer {
    /// What is counted, to see that everything is tried.
    var kind: String {
        switch self {
        case .start(_, let seats, _): seats > 1 ? "wide" : "start"
        case .queue: "queue"
        case .refuse(_, let reason, _): "refuse \(reason.code)"
        case .displace(_, let reason, _): "displace \(reason.code)"
        case .expire: "expire"
        }
    }
}

/// The drain, by its definition.
struct ReferenceDrain {
    private var seats: Int64 = 0
    private var time: Int64 = 0
    private var since: Int64?

    var isRunning: Bool { since != nil }

    mutating func begin(at now: Int64) { since = now }

    mutating func end(at now: Int64) {
        advance(now)
        since = nil
    }

    mutating func note(_ count: Int, at now: Int64) {
        seats += Int64(count) * 256
        advance(now)
    }

    private mutating func advance(_ now: Int64) {
        guard let since else { return }
        time += now - since
        self.since = now
        while time >= 2_000_000_000 {
            time /= 2
            seats = seats > 1 ? seats / 2 : seats
        }
    }

    func time(_ count: Int64, at now: Int64) -> Int64? {
        guard seats > 0 else { return nil }
        return count * (time + now - (since ?? now)) / seats * 256
    }
}

/// The scheduler under test, with requests called by their callers' numbers.
struct Subject: ~Copyable {
    var scheduler: Scheduler
    var now: Int64 = 0
    private(set) var waiting: [UInt64: Ticket] = [:]
    private(set) var running: [UInt64: (ticket: Ticket, seats: Int, tier: Int)] = [:]
    private var tiers: [UInt64: Int] = [:]
    private var actions: [SchedulerAction] = []

    init(_ settings: SchedulerSettings, limit: Int) {
        scheduler = Scheduler(settings, limit: limit, at: .zero)
    }

    mutating func step(_ event: ReferenceEvent) -> [Answer] {
        let translated: SchedulerEvent
        switch event {
        case .arrive(let arrival):
            tiers[arrival.caller] = arrival.tier
            translated = .arrive(arrival)
        case .finish(let caller, let ending):
            guard let entry = running.removeValue(forKey: caller) else { return [] }
            translated = .finish(entry.ticket, ending)
        case .cancel(let caller):
            guard let ticket = waiting.removeValue(forKey: caller) else { return [] }
            translated = .cancel(ticket)
        case .limit(let limit): translated = .limit(limit)
        case .threshold(let threshold): translated = .threshold(threshold)
        case .settings(let settings, let successors, let limit):
            return apply(settings, tiers: successors, limit: limit)
        case .tick: translated = .tick
        }
        scheduler.step(translated, at: Nanoseconds(now), into: &actions)
        for action in actions { note(action) }
        return actions.map(Answer.init)
    }

    private mutating func apply(_ settings: SchedulerSettings, tiers successors: [Int], limit: Int) -> [Answer] {
        scheduler.apply(settings, tiers: successors, limit: limit, at: Nanoseconds(now), into: &actions)
        tiers = tiers.mapValues { successors[$0] }
        running = running.mapValues { ($0.ticket, $0.seats, successors[$0.tier]) }
        for action in actions { note(action) }
        return actions.map(Answer.init)
    }

    private mutating func note(_ action: SchedulerAction) {
        switch action {
        case .start(let ticket, let caller, let seats, _):
            waiting[caller] = nil
            running[caller] = (ticket, seats, tiers[caller] ?? 0)
        case .queue(let ticket, let caller): waiting[caller] = ticket
        case .displace(_, let caller, _, _), .expire(_, let caller, _): waiting[caller] = nil
        case .refuse: break
        }
    }

    /// Lets a request arrive with as little said as possible.
    mutating func arrive(
        _ caller: UInt64, tenant: Int = 0, tier: Int = 0, weight: Int = 1, seats: Int = 1, waitMax: Int64? = nil,
        deadline: Int64? = nil
    ) -> [Answer] {
        step(
            .arrive(
                Arrival(
                    caller: caller, tenant: .numbered(tenant), tier: tier, weight: weight, seats: seats,
                    waitMax: waitMax.map(Nanoseconds.init), deadline: deadline.map(Nanoseconds.init))))
    }
}

extension TenantKey {
    /// A key from a number, spread over all bits as keyed hashes are.
    static func numbered(_ number: Int) -> TenantKey {
        var word = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        word ^= word >> 29
        let low = word &* 0xBF58_476D_1CE4_E5B9
        return TenantKey(bits: UInt128(word) << 64 | UInt128(low ^ (low >> 31)))
    }
}

extension SchedulerSettings {
    /// Three tiers: critical, business, best effort.
    static func three(
        reserves: [Int64] = [4_000, 2_000, 0], kept: [Int64?] = [nil, nil, nil], depthMax: Int = 100,
        waitMax: Int64 = 10_000_000_000, floor: Int64 = 100, limitMax: Int = 1_000, placesMax: Int = 300,
        tenantDepthMax: Int? = nil, tenantSeats: Int64 = 10_000, mostOfLast: Int64 = 10_000
    ) -> SchedulerSettings {
        let tiers = (0..<3).map { tier in
            Tier(
                reserveBasisPoints: reserves[tier], keptBasisPoints: kept[tier],
                seatsBasisPoints: tier == 2 ? mostOfLast : 10_000, floorBasisPoints: floor, depthMax: depthMax,
                waitMax: Nanoseconds(waitMax), tenantDepthMax: tenantDepthMax, tenantSeatsBasisPoints: tenantSeats)
        }
        return SchedulerSettings(tiers: tiers, limitMax: limitMax, placesMax: placesMax)
    }
}
