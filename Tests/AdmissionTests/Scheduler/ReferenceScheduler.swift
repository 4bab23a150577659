import Admission
import Vocabulary

/// What the scheduler does according to docs/scheduling.md, worked out anew from plain lists at every step.
///
/// It keeps nothing that can be counted: no heaps, no sums, no lists of queues. Slow, and wrong in other ways than
/// the scheduler.
struct ReferenceScheduler {
    struct Request {
        var arrival: Arrival
        var since: Int64
        var expiry: Int64 = .max
        var isQueued = false
        var charge: Int64 = 0
        var seats: Int
    }

    struct QueueName: Hashable {
        var tenant: TenantKey
        var tier: Int
    }

    struct Queue {
        var tag: Int64 = 0
        var average: Int64 = 0
        var weight = 1
        /// When its length changed last, and when it became idle; counted in changes.
        var changed = 0
        var idle = 0
    }

    struct Tier {
        var virtualTime: Int64 = 0
        var highestTag: Int64 = 0
        var passed = 0
        var isHeldBack = false
        var average: Int64 = 0
        var drain = ReferenceDrain()
    }

    var settings: SchedulerSettings
    var limit: Int
    var now: Int64 = 0
    var waiting: [Request] = []
    var running: [Request] = []
    var queues: [QueueName: Queue] = [:]
    var tiers: [Tier]
    var threshold = AdmissionThreshold.open
    var drain = ReferenceDrain()
    var average: Int64 = 0
    var changes = 0
    var answers: [Answer] = []

    init(_ settings: SchedulerSettings, limit: Int) {
        self.settings = settings
        self.limit = limit
        tiers = Array(repeating: Tier(), count: settings.tiers.count)
    }

    mutating func step(_ event: ReferenceEvent, at time: Int64) -> [Answer] {
        answers = []
        now = max(now, time)
        while let index = waiting.indices.filter({ waiting[$0].isQueued && waiting[$0].expiry <= now })
            .min(by: { waiting[$0].expiry < waiting[$1].expiry })
        {
            answers.append(.expire(waiting[index].arrival.caller, retryAfter: retryAfter(at: index)))
            remove(at: index)
        }
        switch event {
        case .arrive(let arrival): arrive(arrival)
        case .finish(let caller, let ending): finish(caller, ending)
        case .cancel(let caller):
            if let index = waiting.firstIndex(where: { $0.arrival.caller == caller }) { remove(at: index) }
        case .limit(let limit): self.limit = min(max(0, limit), settings.limitMax)
        case .threshold(let threshold):
            self.threshold = threshold
            for tier in tiers.indices where tier < threshold.tier { tiers[tier].isHeldBack = false }
        case .settings(let settings, let successors, let limit): apply(settings, successors, limit: limit)
        case .tick: break
        }
        dispatch()
        return answers
    }

    // MARK: Seats

    func share(_ points: Int64) -> Int { (limit * Int(points) + 9_999) / 10_000 }

    func reserve(_ tier: Int) -> Int {
        let most = limit - share(settings.tiers.reduce(0) { $0 + $1.floorBasisPoints })
        func sum(_ count: Int) -> Int {
            min(most, share(settings.tiers.prefix(count).reduce(0) { $0 + $1.reserveBasisPoints }))
        }
        return sum(tier + 1) - sum(tier)
    }

    func kept(_ tier: Int) -> Int {
        func sum(_ count: Int) -> Int {
            let parts = settings.tiers.prefix(count).reduce(0) { $0 + Int($1.reserveBasisPoints * $1.keptBasisPoints) }
            return (limit * parts + 99_999_999) / 100_000_000
        }
        return min(reserve(tier), sum(tier + 1) - sum(tier))
    }

    var inUse: Int { running.reduce(0) { $0 + $1.seats } }
    func inUse(_ tier: Int) -> Int { running.reduce(0) { $0 + ($1.arrival.tier == tier ? $1.seats : 0) } }
    func waiting(_ tier: Int) -> [Request] { waiting.filter { $0.arrival.tier == tier } }
    func waitingSeats(_ tier: Int) -> Int { waiting(tier).reduce(0) { $0 + $1.seats } }
    func name(_ request: Request) -> QueueName {
        QueueName(tenant: request.arrival.tenant, tier: request.arrival.tier)
    }
    func queue(_ request: Request) -> Queue { queues[name(request)] ?? Queue() }
    func length(_ name: QueueName) -> Int { waiting.count { self.name($0) == name } }
    func seats(of name: QueueName) -> Int { running.reduce(0) { $0 + (self.name($1) == name ? $1.seats : 0) } }
    func weights(_ tier: Int) -> Int { Set(waiting(tier).map(name)).reduce(0) { $0 + (queues[$1]?.weight ?? 0) } }

    // MARK: Order

    mutating func dispatch() {
        while let (index, seats) = next() { start(at: index, seats: seats) }
    }

    /// The head of the best queue of each tier that caps allow.
    private func candidate(_ tier: Int) -> (index: Int, seats: Int)? {
        let cap = share(settings.tiers[tier].tenantSeatsBasisPoints)
        let most = share(settings.tiers[tier].seatsBasisPoints)
        let others = settings.tiers.indices.reduce(0) { $0 + ($1 == tier ? 0 : kept($1)) }
        var heads: [(index: Int, tag: Int64)] = []
        for index in waiting.indices where waiting[index].arrival.tier == tier {
            guard !waiting[..<index].contains(where: { name($0) == name(waiting[index]) }) else { continue }
            guard seats(of: name(waiting[index])) + min(waiting[index].seats, cap) <= cap else { continue }
            heads.append((index, queue(waiting[index]).tag))
        }
        guard let best = heads.min(by: { ($0.tag, $0.index) < ($1.tag, $1.index) }) else { return nil }
        let seats = min(waiting[best.index].seats, cap, most, limit - others)
        return seats > 0 && inUse(tier) + seats <= most ? (best.index, seats) : nil
    }

    private func next() -> (Int, Int)? {
        let all = settings.tiers.indices.compactMap { tier in candidate(tier).map { (tier, $0.index, $0.seats) } }
        let instant = all.first { inUse($0.0) + $0.2 <= kept($0.0) && inUse + $0.2 <= limit }
        if let instant { return (instant.1, instant.2) }
        let chosen =
            all.first { inUse($0.0) + $0.2 <= reserve($0.0) }
            ?? all.first { tier, _, seats in
                let floor = settings.tiers[tier].floorBasisPoints
                return floor > 0 && tiers[tier].passed * Int(floor) >= seats * 10_000
                    && (inUse(tier) == 0 || inUse(tier) + seats <= share(floor))
            } ?? all.first
        guard let (tier, index, seats) = chosen else { return nil }
        let commitment = settings.tiers.indices.reduce(0) {
            $0 + ($1 == tier ? inUse($1) + seats : max(inUse($1), kept($1)))
        }
        return commitment <= limit ? (index, seats) : nil
    }

    private mutating func start(at index: Int, seats: Int) {
        var request = waiting[index]
        let (name, tier) = (name(request), request.arrival.tier)
        if request.isQueued {
            drain.note(seats, at: now)
            tiers[tier].drain.note(seats, at: now)
        }
        take(at: index)
        var queue = queues[name] ?? Queue()
        let known = queue.average > 0 ? queue.average : tiers[tier].average
        request.charge = charge(seats, known > 0 ? known : 1_000_000, queue.weight)
        tiers[tier].virtualTime = max(tiers[tier].virtualTime, queue.tag)
        queue.tag += request.charge
        tiers[tier].highestTag = max(tiers[tier].highestTag, queue.tag)
        queues[name] = queue
        forgive(tier)
        answers.append(.start(request.arrival.caller, seats: seats, waited: now - request.since))
        request.since = now
        request.seats = seats
        running.append(request)
        for other in tiers.indices where other != tier && (!waiting(other).isEmpty || tiers[other].isHeldBack) {
            tiers[other].passed += seats
        }
        tiers[tier].passed = 0
        tiers[tier].isHeldBack = false
    }

    private func charge(_ seats: Int, _ duration: Int64, _ weight: Int) -> Int64 {
        Int64(seats) * min(max(duration, 1_000), 1 << 42) * 16 / Int64(weight)
    }

    private func debt(_ weights: Int) -> Int64 { 960_000_000_000 / Int64(max(1, weights)) * Int64(max(1, limit)) }

    private mutating func forgive(_ tier: Int) {
        guard waiting(tier).isEmpty else { return }
        tiers[tier].virtualTime = max(tiers[tier].virtualTime, tiers[tier].highestTag)
    }

    /// Takes a request from those that wait.
    private mutating func take(at index: Int) {
        let request = waiting.remove(at: index)
        changed(name(request))
        if waiting.isEmpty { drain.end(at: now) }
        if waiting(request.arrival.tier).isEmpty { tiers[request.arrival.tier].drain.end(at: now) }
    }

    private mutating func changed(_ name: QueueName) {
        changes += 1
        queues[name]?.changed = changes
    }

    private mutating func noteIdle(_ name: QueueName) {
        guard length(name) == 0, seats(of: name) == 0 else { return }
        changes += 1
        queues[name]?.idle = changes
    }

    mutating func remove(at index: Int) {
        let request = waiting[index]
        take(at: index)
        forgive(request.arrival.tier)
        noteIdle(name(request))
    }

    private mutating func finish(_ caller: UInt64, _ ending: Ending) {
        guard let index = running.firstIndex(where: { $0.arrival.caller == caller }) else { return }
        let request = running.remove(at: index)
        let (name, tier) = (name(request), request.arrival.tier)
        var queue = queues[name] ?? Queue()
        let duration = max(now - request.since, 1_000)
        func averaged(_ old: Int64) -> Int64 { old == 0 ? duration : old + (duration - old) >> 3 }
        if ending == .completed {
            queue.average = averaged(queue.average)
            tiers[tier].average = averaged(tiers[tier].average)
            average = averaged(average)
        }
        queue.tag += (ending == .abandoned ? 0 : charge(request.seats, duration, queue.weight)) - request.charge
        queue.tag = min(queue.tag, tiers[tier].virtualTime + debt(weights(tier)))
        tiers[tier].highestTag = max(tiers[tier].highestTag, queue.tag)
        queues[name] = queue
        noteIdle(name)
    }

    // MARK: Arrivals

    private mutating func arrive(_ arrival: Arrival) {
        let tier = arrival.tier
        let tierSettings = settings.tiers[tier]
        let early = expectedWait(tier, ahead: waitingSeats(tier), seats: arrival.seats)
        func refuse(_ reason: Reason) -> Answer { .refuse(arrival.caller, reason, retryAfter: clamped(early)) }
        if let deadline = arrival.deadline, deadline.count <= now { return answers.append(refuse(.queueTimeout)) }
        let isInside = inUse(tier) + waitingSeats(tier) + arrival.seats <= reserve(tier)
        guard isInside || isLetIn(arrival) else {
            tiers[tier].isHeldBack = true
            return answers.append(refuse(.overloadProtection))
        }
        let name = QueueName(tenant: arrival.tenant, tier: tier)
        guard makeQueue(name) else { return answers.append(refuse(.queueFull)) }
        enqueue(arrival, name)
        dispatch()
        guard let index = waiting.firstIndex(where: { $0.arrival.caller == arrival.caller }) else { return }
        let wait = max(0, min(arrival.waitMax ?? tierSettings.waitMax, tierSettings.waitMax).count)
        let expiry = min(now + wait, arrival.deadline?.count ?? .max)
        func refuseNow(_ reason: Reason) -> Answer {
            .refuse(arrival.caller, reason, retryAfter: retryAfter(at: index))
        }
        var reason: Reason?
        if tierSettings.depthMax == 0 || expiry <= now {
            reason = .concurrencyLimit
        } else if !isInside, isHopeless(at: index, within: expiry - now) {
            reason = .queueTimeout
        } else if !isInside, length(name) > tierSettings.tenantDepthMax {
            reason = .queueFull
        }
        if let reason {
            answers.append(refuseNow(reason))
            return remove(at: index)
        }
        if !isInside, waiting(tier).count > tierSettings.depthMax {
            guard drop(from: tier, for: arrival, .queueFull) else { return }
        }
        if waiting.count > settings.placesMax, let lowest = waiting.map(\.arrival.tier).max() {
            guard drop(from: lowest, for: arrival, lowest == tier ? .queueFull : .overloadProtection) else { return }
        }
        guard let place = waiting.firstIndex(where: { $0.arrival.caller == arrival.caller }) else { return }
        waiting[place].isQueued = true
        waiting[place].expiry = expiry
        answers.append(.queue(arrival.caller))
    }

    private func isLetIn(_ arrival: Arrival) -> Bool {
        let (tier, seats) = (arrival.tier, arrival.seats)
        if threshold.admits(arrival.tenant, tier: tier) { return true }
        if threshold.isLenient {
            let commitment = settings.tiers.indices.reduce(0) {
                $0 + ($1 == tier ? inUse($1) + seats : max(inUse($1), kept($1)))
            }
            if waiting.isEmpty, commitment <= limit { return true }
            let tenants = Set(waiting(tier).map(\.arrival.tenant))
            let isCrowded = tenants.count >= 4 * limit || tenants.contains(arrival.tenant)
            if !waiting.isEmpty, tier == threshold.tier, !isCrowded { return true }
        }
        let floor = settings.tiers[tier].floorBasisPoints
        return waiting(tier).isEmpty && floor > 0 && tiers[tier].passed * Int(floor) >= seats * 10_000
            && (inUse(tier) == 0 || inUse(tier) + seats <= share(floor))
    }

    private mutating func makeQueue(_ name: QueueName) -> Bool {
        guard queues[name] == nil else { return true }
        if queues.count == settings.tenantQueuesMax {
            let idle = queues.filter { length($0.key) == 0 && seats(of: $0.key) == 0 }
            guard let oldest = idle.min(by: { $0.value.idle < $1.value.idle }) else { return false }
            queues[oldest.key] = nil
        }
        changes += 1
        queues[name] = Queue(idle: changes)
        return true
    }

    private mutating func enqueue(_ arrival: Arrival, _ name: QueueName) {
        let tier = arrival.tier
        let others = weights(tier)
        queues[name]?.weight = arrival.weight
        if length(name) == 0, var queue = queues[name] {
            let ahead = queue.tag - tiers[tier].virtualTime
            queue.tag = tiers[tier].virtualTime + min(max(0, ahead), debt(others + arrival.weight))
            queues[name] = queue
        }
        if waiting.isEmpty { drain.begin(at: now) }
        if waiting(tier).isEmpty { tiers[tier].drain.begin(at: now) }
        waiting.append(Request(arrival: arrival, since: now, seats: arrival.seats))
        changed(name)
    }

    private mutating func drop(from tier: Int, for newcomer: Arrival, _ reason: Reason) -> Bool {
        let names = Set(waiting(tier).map(name))
        let longest = names.max {
            (length($0), queues[$0]?.changed ?? 0) < (length($1), queues[$1]?.changed ?? 0)
        }
        guard let longest, let index = waiting.lastIndex(where: { name($0) == longest }) else { return false }
        let caller = waiting[index].arrival.caller
        let isNewcomer = caller == newcomer.caller
        let retryAfter = retryAfter(at: index)
        answers.append(
            isNewcomer
                ? .refuse(caller, reason, retryAfter: retryAfter) : .displace(caller, reason, retryAfter: retryAfter))
        remove(at: index)
        return !isNewcomer
    }

    // MARK: Waits

    private func ahead(at index: Int) -> Int {
        let request = waiting[index]
        let own = waiting.filter { name($0) == name(request) }.reduce(0) { $0 + $1.seats }
        let round = own * weights(request.arrival.tier) / queue(request).weight
        return min(waitingSeats(request.arrival.tier), max(request.seats, round)) - request.seats
    }

    private func above(_ tier: Int) -> Int { (0..<tier).reduce(0) { $0 + waitingSeats($1) } }

    private func isHopeless(at index: Int, within wait: Int64) -> Bool {
        let request = waiting[index]
        let tier = request.arrival.tier
        if ahead(at: index) == 0, above(tier) == 0 || settings.tiers[tier].floorBasisPoints > 0 { return false }
        return expectedWait(tier, ahead: ahead(at: index), seats: request.seats) ?? 0 > wait
    }

    private func retryAfter(at index: Int) -> Int64 {
        let request = waiting[index]
        return clamped(expectedWait(request.arrival.tier, ahead: ahead(at: index), seats: request.seats))
    }

    private func clamped(_ wait: Int64?) -> Int64 { min(max(wait ?? 1_000_000_000, 1_000_000), 60_000_000_000) }

    private func expectedWait(_ tier: Int, ahead: Int, seats: Int) -> Int64? {
        let count = Int64(above(tier) + ahead + seats)
        let all = drain.time(count, at: now) ?? (average > 0 ? count * average / Int64(max(1, limit)) : nil)
        guard let own = tiers[tier].drain.time(Int64(ahead + seats), at: now) else { return all }
        return max(own, all ?? 0)
    }
}
