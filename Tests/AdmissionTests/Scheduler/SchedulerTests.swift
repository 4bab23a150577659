import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

extension Answer {
    /// Whose it is, if something was started.
    var started: UInt64? { if case .start(let caller, _, _) = self { caller } else { nil } }
    /// Why a newcomer was refused.
    var refusal: Reason? { if case .refuse(_, let reason, _) = self { reason } else { nil } }
}

@Suite struct `seats` {
    @Test func `start what comes while there are any, and then let it wait`() {
        var subject = Subject(.three(), limit: 10)
        // A tenth of both reserves together is one seat, rounded up, and the more protected tier keeps it.
        for caller in UInt64(1)...9 {
            #expect(subject.arrive(caller, tier: 2) == [.start(caller, seats: 1, waited: 0)])
        }
        #expect(subject.arrive(10, tier: 2) == [.queue(10)])
        subject.now = 5
        #expect(subject.step(.finish(3, .completed)) == [.start(10, seats: 1, waited: 5)])
        #expect(subject.step(.finish(4, .completed)) == [])
        #expect(subject.scheduler.inUse == 8 && subject.scheduler.nextDeadline == nil)
    }

    @Test func `that are kept are there at once, and those that are lent with the next releases`() {
        var subject = Subject(.three(reserves: [5_000, 0, 0], kept: [4_000, nil, nil]), limit: 10)
        for caller in UInt64(1)...8 { #expect(subject.arrive(caller, tier: 2).first?.started == caller) }
        #expect(subject.arrive(9, tier: 2) == [.queue(9)])
        #expect(subject.arrive(10, tier: 0).first?.started == 10)
        #expect(subject.arrive(11, tier: 0).first?.started == 11)
        #expect(subject.arrive(12, tier: 1) == [.queue(12)])
        #expect(subject.arrive(13, tier: 0) == [.queue(13)])
        #expect(subject.arrive(14, tier: 0) == [.queue(14)])
        #expect(subject.step(.finish(1, .completed)).map(\.started) == [13])
        #expect(subject.step(.finish(2, .completed)).map(\.started) == [14])
        #expect(subject.step(.finish(3, .completed)).map(\.started) == [12], "business before best effort")
        #expect(subject.step(.finish(4, .completed)).map(\.started) == [9])
    }

    @Test func `are gathered for a wide request instead of going past it`() {
        var subject = Subject(.three(reserves: [0, 0, 0]), limit: 4)
        for caller in UInt64(1)...4 { _ = subject.arrive(caller) }
        #expect(subject.arrive(5, tenant: 1, seats: 3) == [.queue(5)])
        #expect(subject.arrive(6, tenant: 2) == [.queue(6)])
        #expect(subject.step(.finish(1, .completed)) == [])
        #expect(subject.step(.finish(2, .completed)) == [])
        #expect(subject.step(.finish(3, .completed)).map(\.started) == [5])
        #expect(subject.step(.finish(4, .completed)).map(\.started) == [6])
    }

    @Test func `come to a floor also where each wait is shorter than its turn takes`() {
        var subject = Subject(.three(reserves: [0, 0, 0], waitMax: 100, floor: 1_000), limit: 2)
        var running: [UInt64] = [1, 2]
        for caller in running { _ = subject.arrive(caller, tier: 0) }
        var next: UInt64 = 3
        var served = 0
        for _ in 0..<6 {
            // One of the lowest tier waits, four of the first pass it, and its time is over.
            _ = subject.arrive(next + 1_000, tier: 2)
            for _ in 0..<4 {
                _ = subject.arrive(next, tier: 0)
                next += 1
                for started in subject.step(.finish(running.removeFirst(), .completed)).compactMap(\.started) {
                    running.append(started)
                    if started > 1_000 { served += 1 }
                }
            }
            subject.now += 100
            running += subject.step(.tick).compactMap(\.started)
        }
        #expect(served == 2, "24 have passed, one in ten is the floor's")
    }

    @Test func `that can never be had are not waited for`() {
        var subject = Subject(.three(reserves: [0, 0, 0], mostOfLast: 5_000), limit: 8)
        #expect(subject.arrive(1, tier: 2, seats: 100) == [.start(1, seats: 4, waited: 0)])
        #expect(subject.arrive(2, tier: 0, seats: 100) == [.queue(2)])
        #expect(subject.step(.limit(3)) == [])
        #expect(subject.step(.finish(1, .completed)) == [.start(2, seats: 3, waited: 0)])
    }

    @Test func `become fewer without stopping anything`() {
        var subject = Subject(.three(reserves: [0, 0, 0]), limit: 4)
        for caller in UInt64(1)...4 { _ = subject.arrive(caller) }
        #expect(subject.arrive(5) == [.queue(5)])
        #expect(subject.step(.limit(2)) == [])
        #expect(subject.step(.finish(1, .completed)) == [])
        #expect(subject.step(.finish(2, .completed)) == [])
        #expect(subject.step(.finish(3, .completed)).map(\.started) == [5])
        #expect(subject.step(.limit(0)) == [] && subject.step(.finish(4, .completed)) == [])
        #expect(subject.arrive(6) == [.queue(6)])
        #expect(subject.step(.limit(1_000_000)).map(\.started) == [6])
        #expect(subject.scheduler.limit == 1_000)
    }

    @Test func `are the tenant's up to its cap, and the others go on`() {
        var subject = Subject(.three(reserves: [0, 0, 0], tenantSeats: 5_000), limit: 4)
        #expect(subject.arrive(1, tenant: 1).count + subject.arrive(2, tenant: 1).count == 2)
        #expect(subject.arrive(3, tenant: 1) == [.queue(3)])
        #expect(subject.arrive(4, tenant: 2).first?.started == 4)
        #expect(subject.step(.finish(4, .completed)) == [], "a free seat is not for who is at the cap")
        #expect(subject.step(.limit(6)).map(\.started) == [3])
    }

    @Test func `follow shares rounded in favour of the more protected`() {
        // Two tiers that never lend leave what they keep: of 3 seats, 40 % are 2 and 60 % together are 2.
        var subject = Subject(.three(kept: [10_000, 10_000, nil]), limit: 3)
        #expect(subject.arrive(1, tier: 2).first?.started == 1)
        #expect(subject.arrive(2, tier: 2) == [.queue(2)])
        #expect(subject.arrive(3, tier: 0).first?.started == 3)
        #expect(subject.arrive(4, tier: 0).first?.started == 4)
    }
}

@Suite struct `a ticket` {
    @Test func `that was used, or is another's, does nothing`() {
        var scheduler = Scheduler(.three(reserves: [0, 0, 0]), limit: 1, at: .zero)
        var actions: [SchedulerAction] = []
        func arrive(_ caller: UInt64) -> SchedulerEvent {
            .arrive(Arrival(caller: caller, tenant: .numbered(0), tier: 0))
        }
        scheduler.step(arrive(1), at: .zero, into: &actions)
        guard case .start(let first, _, _, _) = actions[0] else { return #expect(Bool(false), "\(actions)") }
        scheduler.step(.finish(first, .completed), at: .zero, into: &actions)
        scheduler.step(arrive(2), at: .zero, into: &actions)
        guard case .start(let second, _, _, _) = actions[0] else { return #expect(Bool(false), "\(actions)") }
        for event in [SchedulerEvent.finish(first, .completed), .cancel(first), .cancel(second)] {
            scheduler.step(event, at: .zero, into: &actions)
            #expect(actions.isEmpty && scheduler.inUse == 1)
        }
        #expect(scheduler.staleCount == 2, "to cancel what runs is no mistake, and changes nothing")
    }

    @Test func `of what waits ends with a cancellation, and its place is free in that step`() {
        var subject = Subject(.three(reserves: [0, 0, 0], depthMax: 1), limit: 1)
        _ = subject.arrive(1)
        #expect(subject.arrive(2) == [.queue(2)])
        #expect(subject.arrive(3).first?.refusal == .queueFull)
        #expect(subject.step(.cancel(2)) == [] && subject.scheduler.nextDeadline == nil)
        #expect(subject.arrive(4) == [.queue(4)])
        #expect(subject.step(.finish(1, .completed)).map(\.started) == [4])
    }
}

@Suite struct `who waits` {
    @Test func `does so until the deadline that was named, and not a nanosecond longer`() {
        var subject = Subject(.three(reserves: [0, 0, 0], waitMax: 1_000), limit: 1)
        _ = subject.arrive(1)
        #expect(subject.arrive(2) == [.queue(2)] && subject.scheduler.nextDeadline == Nanoseconds(1_000))
        #expect(subject.arrive(3, waitMax: 400) == [.queue(3)] && subject.scheduler.nextDeadline == Nanoseconds(400))
        #expect(subject.arrive(4, deadline: 300) == [.queue(4)] && subject.scheduler.nextDeadline == Nanoseconds(300))
        subject.now = 299
        #expect(subject.step(.tick) == [])
        subject.now = 300
        #expect(subject.step(.finish(1, .completed)).map(\.started) == [nil, 2], "the deadline comes first")
        #expect(subject.waiting.keys.sorted() == [3])
        subject.now = 400
        #expect(subject.step(.tick) == [.expire(3, retryAfter: 1_000_000)])
        #expect(subject.arrive(5, deadline: 400).first?.refusal == .queueTimeout)
    }

    @Test func `must be allowed to`() {
        var settings = SchedulerSettings.three(reserves: [0, 0, 0])
        settings.tiers[1].depthMax = 0
        var subject = Subject(settings, limit: 1)
        _ = subject.arrive(1)
        #expect(subject.arrive(2, tier: 1).first?.refusal == .concurrencyLimit)
        #expect(subject.arrive(3, tier: 0, waitMax: 0).first?.refusal == .concurrencyLimit)
    }

    @Test func `in a full tier is of the longest queue when somebody has to go`() {
        var subject = Subject(.three(reserves: [0, 0, 0], depthMax: 4), limit: 1)
        _ = subject.arrive(1)
        for caller in UInt64(2)...4 { #expect(subject.arrive(caller, tenant: 7) == [.queue(caller)]) }
        #expect(subject.arrive(5, tenant: 8) == [.queue(5)])
        let answers = subject.arrive(6, tenant: 9)
        guard case .displace(4, .queueFull, _) = answers[0] else { return #expect(Bool(false), "\(answers)") }
        #expect(answers[1] == .queue(6))
        #expect(subject.arrive(7, tenant: 7).first?.refusal == .queueFull)
    }

    @Test func `goes for more protected work where places are few, never the reverse`() {
        var subject = Subject(.three(reserves: [0, 0, 0], placesMax: 2), limit: 1)
        _ = subject.arrive(1)
        #expect(subject.arrive(2, tier: 2) == [.queue(2)] && subject.arrive(3, tier: 1) == [.queue(3)])
        let answers = subject.arrive(4, tier: 0)
        guard case .displace(2, .overloadProtection, _) = answers[0] else { return #expect(Bool(false), "\(answers)") }
        #expect(answers[1] == .queue(4))
        #expect(subject.arrive(5, tier: 2).first?.refusal == .queueFull)
        #expect(subject.arrive(6, tier: 1).first?.refusal == .queueFull)
        #expect(subject.arrive(7, tier: 0).count == 2, "the last of business went")
        #expect(subject.arrive(8, tier: 0).first?.refusal == .queueFull)
    }

    @Test func `inside the reserve is not refused for want of places in the tier, nor by the threshold`() {
        var subject = Subject(
            .three(reserves: [5_000, 0, 0], kept: [0, nil, nil], depthMax: 1, placesMax: 100), limit: 10)
        for caller in UInt64(1)...10 { _ = subject.arrive(caller, tier: 2) }
        #expect(subject.step(.threshold(AdmissionThreshold(tier: 0, cohort: 0))) == [])
        for caller in UInt64(11)...15 { #expect(subject.arrive(caller, tier: 0) == [.queue(caller)]) }
        #expect(subject.arrive(16, tier: 0).first?.refusal == .overloadProtection)
        #expect(subject.step(.threshold(.open)) == [])
        #expect(subject.arrive(17, tier: 0).first?.refusal == .queueFull)
    }

    @Test func `for nothing is told so at entry, with the time that the drain says`() throws {
        var subject = Subject(.three(reserves: [0, 0, 0], waitMax: 100_000_000, floor: 0), limit: 10)
        var caller: UInt64 = 0
        // A seat every millisecond, for a second, with 50 waiting.
        for round in 0..<1_000 {
            subject.now = Int64(round) * 1_000_000
            if let running = subject.running.keys.min() { _ = subject.step(.finish(running, .completed)) }
            while subject.scheduler.waiting < 50 {
                caller += 1
                _ = subject.arrive(caller, tenant: Int(caller % 2))
            }
        }
        #expect(subject.arrive(caller + 1, tenant: 1, waitMax: 40_000_000).first?.refusal == .queueTimeout)
        #expect(subject.arrive(caller + 2, tenant: 1, waitMax: 60_000_000) == [.queue(caller + 2)])
        #expect(subject.arrive(caller + 3, tenant: 2, waitMax: 5_000_000) == [.queue(caller + 3)], "a quiet tenant")
        #expect(subject.arrive(caller + 4, tenant: 3, waitMax: 1_000_000).first?.refusal == .queueTimeout)
        let answers = subject.arrive(caller + 5, tenant: 1, waitMax: 10_000_000)
        guard case .refuse(_, .queueTimeout, let retryAfter) = answers[0] else {
            return #expect(Bool(false), "\(answers)")
        }
        #expect(
            (48_000_000...58_000_000).contains(retryAfter), "\(retryAfter) ns for some fifty at one per millisecond")
    }
}

@Suite struct `the admission threshold` {
    @Test func `lets whole tenants in, tier by tier and cohort by cohort`() {
        var subject = Subject(.three(reserves: [0, 0, 0]), limit: 1_000)
        var caller: UInt64 = 0
        func admitted(_ subject: inout Subject, tier: Int) -> Set<Int> {
            Set(
                (0..<200).filter { tenant in
                    caller += 1
                    return subject.arrive(caller, tenant: tenant, tier: tier).first?.refusal == nil
                })
        }
        _ = subject.step(.threshold(AdmissionThreshold(tier: 1, cohort: 32)))
        #expect(admitted(&subject, tier: 0).count == 200 && admitted(&subject, tier: 2).isEmpty)
        let few = admitted(&subject, tier: 1)
        _ = subject.step(.threshold(AdmissionThreshold(tier: 1, cohort: 96)))
        let many = admitted(&subject, tier: 1)
        #expect(few.isStrictSubset(of: many) && (25...75).contains(few.count) && (125...175).contains(many.count))
        _ = subject.step(.threshold(AdmissionThreshold(tier: 1, cohort: 32, rotation: 64)))
        #expect(admitted(&subject, tier: 1).isDisjoint(with: few), "others have their turn")
    }
}

@Suite struct `settings` {
    @Test func `follow from a policy's tiers`() throws {
        let tiers = [
            Tier(name: "critical", reserveBasisPoints: 4_000),
            Tier(
                name: "business", reserveBasisPoints: 2_000, concurrencyBasisPoints: 5_000,
                queue: .init(depthMax: 200, waitMax: .milliseconds(500))),
            Tier(name: "quarantine", floorBasisPoints: 0),
        ]
        let snapshot = try World(tenant: ([.perSecond(1)], 10)).snapshot()
        let settings = SchedulerSettings(snapshot.replacing(tiers))
        #expect(settings.tiers.map(\.reserveBasisPoints) == [4_000, 2_000, 0])
        #expect(settings.tiers.map(\.keptBasisPoints) == [10_000, 1_000, 10_000], "who cannot wait keeps all")
        #expect(settings.tiers.map(\.seatsBasisPoints) == [10_000, 5_000, 10_000])
        #expect(settings.tiers.map(\.floorBasisPoints) == [100, 100, 0])
        #expect(settings.tiers.map(\.depthMax) == [0, 150, 0], "no deeper than there are places")
        #expect(settings.tiers[1].waitMax == .milliseconds(500))
        #expect(settings.limitMax == 100 && settings.placesMax == 150)
    }
}

extension Snapshot {
    /// The same policy with other tiers.
    fileprivate func replacing(_ tiers: [Tier]) -> Snapshot {
        Snapshot(
            version: version, name: name, owner: owner, tiers: tiers, classes: classes, operations: operations,
            plans: plans, regions: regions, service: service,
            seats: Seats(limit: .fixed(100), waitingMax: 150), unknown: unknown, defaultClass: defaultClass,
            matcher: matcher)
    }
}
