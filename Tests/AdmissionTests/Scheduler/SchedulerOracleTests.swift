import Admission
import AdmissionTestSupport
import Testing
import Vocabulary

/// A run of random events in which seats are few and everything that can happen does.
struct RandomRun {
    var random: SeededGenerator
    var settings: SchedulerSettings
    var next: UInt64 = 0
    /// Whether much waits for long, so that queues fill; otherwise waits end early.
    let isCrowded: Bool
    /// Whether the settings become others now and then.
    let isReloaded: Bool

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        isCrowded = seed % 3 > 0
        isReloaded = seed % 2 > 0
        settings = RandomRun.settings(isCrowded: isCrowded, using: &random)
    }

    /// The same settings, or others with other tiers.
    private mutating func otherSettings() -> ReferenceEvent {
        let count = settings.tiers.count
        guard Bool.random(using: &random) else {
            return .settings(settings, tiers: Array(0..<count), limit: limit())
        }
        var next = RandomRun.settings(isCrowded: isCrowded, using: &random)
        next.tenantQueuesMax = settings.tenantQueuesMax
        let successors = (0..<count).map { tier in
            tier < next.tiers.count && Int.random(in: 0..<4, using: &random) > 0
                ? tier : Int.random(in: next.tiers.indices, using: &random)
        }
        settings = next
        return .settings(next, tiers: successors, limit: limit())
    }

    private static func settings(isCrowded: Bool, using random: inout SeededGenerator) -> SchedulerSettings {
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: values.indices, using: &random)] }
        var reserved: Int64 = 0
        let tiers = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let reserve = min(pick([0, 0, 500, 2_000, 4_000, 10_000]), 10_000 - reserved)
            reserved += reserve
            return SchedulerSettings.Tier(
                reserveBasisPoints: reserve, keptBasisPoints: pick([nil, 0, 3_333, 10_000]),
                seatsBasisPoints: pick([10_000, 10_000, 5_000, 1_000]), floorBasisPoints: pick([0, 100, 1_000, 2_500]),
                depthMax: pick([0, 1, 4, 6, 6, 20]),
                waitMax: .milliseconds(pick(isCrowded ? [500, 60_000, 600_000] : [0, 5, 50, 5_000])),
                tenantDepthMax: pick([nil, nil, nil, 1, 4]), tenantSeatsBasisPoints: pick([10_000, 10_000, 3_000, 1]))
        }
        return SchedulerSettings(
            tiers: tiers, limitMax: pick([24, 24, 24, 6, 30]), placesMax: pick([1, 8, 40, 40]),
            tenantQueuesMax: pick([3, 30, 65]))
    }

    mutating func limit() -> Int {
        let isExtreme = Int.random(in: 0..<4, using: &random) == 0
        return Int.random(in: isExtreme ? 0...30 : 4...12, using: &random)
    }

    mutating func event(waiting: [UInt64], running: [UInt64]) -> ReferenceEvent {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<3: return .limit(limit())
        case 3..<5:
            let tier = Int.random(in: 0...settings.tiers.count, using: &random)
            return .threshold(
                Bool.random(using: &random)
                    ? .open
                    : AdmissionThreshold(
                        tier: tier, cohort: Int.random(in: 0...128, using: &random),
                        rotation: UInt8.random(in: 0...255, using: &random),
                        isLenient: Bool.random(using: &random)))
        case 5..<9: return .tick
        case 9: if isReloaded { return otherSettings() }
        case 10..<15: if let caller = waiting.randomElement(using: &random) { return .cancel(caller) }
        case 15..<(isCrowded ? 30 : 52):
            if let caller = running.randomElement(using: &random) {
                return .finish(caller, Ending.allCases.randomElement(using: &random) ?? .completed)
            }
        default: break
        }
        return .arrive(arrival())
    }

    mutating func arrival() -> Arrival {
        next += 1
        let isWide = Int.random(in: 0..<5, using: &random) == 0
        let tenants = Bool.random(using: &random) ? 1 : 6
        return Arrival(
            caller: next, tenant: .numbered(Int.random(in: 0..<tenants, using: &random)),
            tier: Int.random(in: settings.tiers.indices, using: &random), weight: Int.random(in: 1...4, using: &random),
            seats: isWide ? Int.random(in: 1...40, using: &random) : 1,
            waitMax: isCrowded || Bool.random(using: &random)
                ? nil : Nanoseconds(Int64.random(in: -1...40_000_000, using: &random)),
            deadline: isCrowded || Int.random(in: 0..<3, using: &random) > 0
                ? nil : Nanoseconds(Int64.random(in: 0...6_000_000_000, using: &random)))
    }

    mutating func pause() -> Int64 {
        let kind = Int.random(in: 0..<(isCrowded ? 4 : 6), using: &random)
        let most: Int64 = [0, 10, 1_000, 1_000_000, 20_000_000, 400_000_000][kind]
        return Int64.random(in: 0...most, using: &random)
    }
}

@Suite struct `the scheduler, beside one that works everything out anew` {
    @Test(arguments: 0..<8)
    func `gives the same answers to thousands of random runs`(part: UInt64) {
        var kinds: [String: Int] = [:]
        for seed in (part * 250)..<((part + 1) * 250) {
            guard agrees(seed: seed, &kinds) else { return }
        }
        let expected = [
            "start", "wide", "queue", "expire", "refuse concurrency_limit", "refuse queue_full", "refuse queue_timeout",
            "refuse overload_protection", "displace queue_full", "displace overload_protection",
        ]
        for kind in expected { #expect(kinds[kind, default: 0] >= 25, "\(kind) is tried often enough: \(kinds)") }
    }

    private func agrees(seed: UInt64, _ kinds: inout [String: Int]) -> Bool {
        var run = RandomRun(seed: seed)
        let limit = run.limit()
        var subject = Subject(run.settings, limit: limit)
        var reference = ReferenceScheduler(run.settings, limit: min(limit, run.settings.limitMax))
        for step in 0..<200 {
            subject.now += run.pause()
            if step % (run.isCrowded ? 60 : 7) == 6, let deadline = subject.scheduler.nextDeadline {
                subject.now = max(subject.now, deadline.count)
            }
            let event = run.event(waiting: subject.waiting.keys.sorted(), running: subject.running.keys.sorted())
            let expected = reference.step(event, at: subject.now)
            let answers = subject.step(event)
            for answer in answers { kinds[answer.kind, default: 0] += 1 }
            let isSame =
                answers == expected && subject.scheduler.inUse == reference.inUse
                && subject.scheduler.waiting == reference.waiting.count
                && subject.scheduler.nextDeadline?.count == reference.waiting.map(\.expiry).min()
            if !isSame {
                Issue.record("seed \(seed), step \(step), \(event) at \(subject.now): \(answers), not \(expected)")
                return false
            }
        }
        return true
    }
}
