import Admission
import AdmissionTestSupport
import Testing
import Vocabulary

@Suite struct `over a long run` {
    static let ms: Int64 = 1_000_000

    private func oneTier(tenantSeats: Int64 = 10_000) -> SchedulerSettings {
        SchedulerSettings(
            tiers: [.init(depthMax: 1_000, waitMax: .seconds(36_000), tenantSeatsBasisPoints: tenantSeats)],
            limitMax: 100, placesMax: 1_000)
    }

    @Test(arguments: [UInt64](1...4))
    func `tenants that always have work have seat time by their weights, whatever their requests take`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let tenants = (0..<Int.random(in: 2...8, using: &random)).map { _ in
            LoadWorld.Tenant(
                tier: 0, weight: Int.random(in: 1...6, using: &random),
                duration: Int64.random(in: 3...30, using: &random) * Self.ms,
                seats: Int.random(in: 1...3, using: &random))
        }
        var world = LoadWorld(oneTier(), limit: 20, tenants: tenants, seed: seed)
        world.run(until: 60_000 * Self.ms)
        let demands = tenants.map { (weight: Double($0.weight), most: Double.infinity) }
        expectFair(world, demands, capacity: Double(world.tenants.reduce(0) { $0 + $1.used }))
    }

    @Test(arguments: [UInt64](1...4))
    func `who asks for less than a share has all of it, and the others share the rest`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let tenants = (0..<10).map { index in
            let duration = Int64.random(in: 3...20, using: &random) * Self.ms
            // Light ones ask for a quarter of a seat to one and a quarter; an even share is two.
            let interval = duration * 20 / Int64.random(in: 5...25, using: &random)
            return LoadWorld.Tenant(
                tier: 0, weight: index < 5 ? Int.random(in: 1...8, using: &random) : 4, duration: duration,
                interval: index < 5 ? nil : interval)
        }
        var world = LoadWorld(oneTier(), limit: 20, tenants: tenants, seed: seed)
        world.run(until: 60_000 * Self.ms)
        // What light ones have asked for is what they were given, or their queues would have grown without end.
        for tenant in world.tenants where tenant.interval != nil { #expect(tenant.waiting < 60, "seed \(seed)") }
        let demands = world.tenants.map {
            (weight: Double($0.weight), most: $0.interval == nil ? Double.infinity : Double($0.used))
        }
        expectFair(world, demands, capacity: Double(world.tenants.reduce(0) { $0 + $1.used }))
    }

    @Test(arguments: [UInt64](1...4))
    func `who is at the cap has exactly that, and the others share the rest`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let tenants = (0..<8).map { index in
            LoadWorld.Tenant(
                tier: 0, weight: index < 2 ? 60 : Int.random(in: 2...6, using: &random),
                duration: Int64.random(in: 3...20, using: &random) * Self.ms)
        }
        var world = LoadWorld(oneTier(tenantSeats: 2_000), limit: 20, tenants: tenants, seed: seed)
        let end = 60_000 * Self.ms
        world.run(until: end)
        let demands = tenants.map { (weight: Double($0.weight), most: Double(4 * end)) }
        expectFair(world, demands, capacity: Double(world.tenants.reduce(0) { $0 + $1.used }))
    }

    private func expectFair(
        _ world: borrowing LoadWorld, _ demands: [(weight: Double, most: Double)], capacity: Double
    ) {
        let fair = maxMin(capacity: capacity, demands: demands)
        for (tenant, share) in zip(world.tenants, fair) {
            let ratio = Double(tenant.used) / share
            #expect((0.99...1.01).contains(ratio), "\(ratio) of a fair share: \(tenant)")
        }
    }

    @Test(arguments: [
        (1, [UInt64(4_000), 2_000, 0]), (10, [10_000, 0, 0]), (100, [6_000, 4_000, 0]), (100, [0, 0, 0]),
    ])
    func `the floor is kept while more protected work would take everything`(limit: Int, reserves: [UInt64]) {
        let settings = SchedulerSettings.three(
            reserves: reserves.map(Int64.init), waitMax: 3_600_000_000_000, limitMax: 100)
        let tenants = (0..<3).map { LoadWorld.Tenant(tier: $0, weight: 1, duration: 10 * Self.ms) }
        var world = LoadWorld(settings, limit: limit, tenants: tenants, seed: UInt64(limit))
        world.run(until: limit < 100 ? 60_000 * Self.ms : 6_000 * Self.ms)
        // While the last tier holds nothing, one in a hundred lets pass as many, and reserves are owed what they are
        // owed until something outside of them ends. While it holds its floor, a seat of a hundred, it does not starve.
        #expect(world.passedMax >= 99 && world.passedMax <= 101 + 20 * limit, "\(world.passedMax) passed at most")
        let share = Double(world.tenants[2].started) / Double(world.startedCount)
        #expect((limit < 100 ? 0.0097...0.0101 : 0.0075...0.0101).contains(share), "\(share) of what started")
    }

    @Test func `slow work cannot turn its floor into most of the seats`() {
        let settings = SchedulerSettings.three(reserves: [0, 0, 0], waitMax: 3_600_000_000_000)
        let tenants = [
            LoadWorld.Tenant(tier: 0, weight: 1, duration: 50 * Self.ms),
            LoadWorld.Tenant(tier: 2, weight: 1, duration: 2_000 * Self.ms),
        ]
        var world = LoadWorld(settings, limit: 100, tenants: tenants, seed: 5)
        world.run(until: 60_000 * Self.ms)
        let share = Double(world.tenants[1].used) / Double(world.tenants[0].used + world.tenants[1].used)
        #expect(share < 0.0105, "\(share)")
    }
}

@Suite struct `a reserve` {
    @Test(arguments: [UInt64](1...40))
    func `that is never lent is there at once, whatever the others do`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let settings = SchedulerSettings.three(
            reserves: [3_000, 2_500, 500], kept: [10_000, 10_000, 0], depthMax: 20, limitMax: 40)
        var subject = Subject(settings, limit: 40)
        for caller in UInt64(1)...3_000 {
            subject.now += Int64.random(in: 0...100_000, using: &random)
            if Bool.random(using: &random), let running = subject.running.keys.sorted().randomElement(using: &random) {
                _ = subject.step(.finish(running, .completed))
            }
            let tier = Int.random(in: 0..<3, using: &random)
            let seats = Int.random(in: 1...3, using: &random)
            let isInside =
                tier < 2 && subject.scheduler.waiting(tier: tier) == 0
                && subject.scheduler.inUse(tier: tier) + seats <= (tier == 0 ? 12 : 10)
            let tenant = Int.random(in: 0..<4, using: &random)
            let answers = subject.arrive(caller, tenant: tenant, tier: tier, seats: seats)
            if isInside { #expect(answers.contains(.start(caller, seats: seats, waited: 0)), "seed \(seed)") }
        }
    }

    @Test(arguments: [UInt64](1...40))
    func `that is lent comes back with the very next releases`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var subject = Subject(.three(reserves: [4_000, 2_000, 0], kept: [0, 0, 0]), limit: 50)
        var caller: UInt64 = 0
        while subject.scheduler.waiting < 60 {
            caller += 1
            _ = subject.arrive(caller, tenant: Int(caller % 3), tier: 1 + Int(caller % 2))
        }
        let owed = Int.random(in: 1...20, using: &random)
        let first = caller + 1
        for _ in 0..<owed {
            caller += 1
            #expect(subject.arrive(caller, tier: 0) == [.queue(caller)])
        }
        for number in 0..<owed {
            let running = subject.running.filter { $0.value.tier > 0 }.keys.sorted()
            guard let ended = running.randomElement(using: &random) else { return #expect(Bool(false)) }
            subject.now += 1_000
            #expect(subject.step(.finish(ended, .completed)).map(\.started) == [first + UInt64(number)])
        }
    }
}

@Suite struct `whatever happens` {
    @Test(arguments: [UInt64](1...60))
    func `seats stay below the limit, bounds hold, and everything ends once`(seed: UInt64) {
        var run = RandomRun(seed: seed + 10_000)
        var limit = run.limit()
        var subject = Subject(run.settings, limit: limit)
        var open: Set<UInt64> = []
        var ended: Set<UInt64> = []
        var late = 0
        func note(_ answers: [Answer]) {
            for answer in answers {
                switch answer {
                case .start, .queue: continue
                case .refuse(let caller, _, _), .displace(let caller, _, _), .expire(let caller, _):
                    #expect(open.remove(caller) != nil && ended.insert(caller).inserted, "seed \(seed): \(caller)")
                }
            }
        }
        var bounds = WaitBounds(run.settings, subject)
        for _ in 0..<2_000 {
            subject.now += run.pause()
            let before = subject.scheduler.inUse
            let event = run.event(waiting: subject.waiting.keys.sorted(), running: subject.running.keys.sorted())
            switch event {
            case .arrive(let arrival): open.insert(arrival.caller)
            case .finish(let caller, _): #expect(open.remove(caller) != nil && ended.insert(caller).inserted)
            case .limit(let next): limit = next
            case .settings(_, _, let next): limit = next
            default: break
            }
            note(subject.step(event))
            // The wait may end in the very step in which the client leaves.
            if case .cancel(let caller) = event, open.remove(caller) != nil {
                #expect(ended.insert(caller).inserted)
            } else if case .cancel = event {
                late += 1
            }
            let inUse = subject.scheduler.inUse
            #expect(inUse <= max(before, limit) && inUse == subject.running.values.reduce(0) { $0 + $1.seats })
            #expect(subject.scheduler.waiting == subject.waiting.count)
            if case .settings = event { bounds = WaitBounds(run.settings, subject) }
            bounds.expectKept(by: subject, "seed \(seed)")
            #expect(open.count == subject.running.count + subject.waiting.count)
        }
        while let caller = subject.running.keys.min() {
            #expect(open.remove(caller) != nil && ended.insert(caller).inserted)
            note(subject.step(.finish(caller, .completed)))
        }
        while let deadline = subject.scheduler.nextDeadline {
            #expect(deadline.count > subject.now, "a tick brings time forward")
            subject.now = deadline.count
            note(subject.step(.tick))
            while let caller = subject.running.keys.min() {
                #expect(open.remove(caller) != nil && ended.insert(caller).inserted)
                note(subject.step(.finish(caller, .completed)))
            }
        }
        #expect(open.isEmpty && subject.scheduler.waiting == 0 && subject.scheduler.inUse == 0)
        #expect(subject.scheduler.staleCount == late)
    }
}

/// How many may wait; what waited already when the settings became others may stay, but never grows.
private struct WaitBounds {
    private let settings: SchedulerSettings
    private var places: Int
    private var tiers: [Int]

    init(_ settings: SchedulerSettings, _ subject: borrowing Subject) {
        self.settings = settings
        places = max(settings.placesMax, subject.scheduler.waiting)
        tiers = []
        for tier in settings.tiers.indices { tiers.append(max(bound(tier), subject.scheduler.waiting(tier: tier))) }
    }

    private func bound(_ tier: Int) -> Int {
        let reserve = (settings.limitMax * Int(settings.tiers[tier].reserveBasisPoints) + 9_999) / 10_000
        return max(settings.tiers[tier].depthMax, reserve)
    }

    mutating func expectKept(by subject: borrowing Subject, _ comment: Comment) {
        #expect(subject.scheduler.waiting <= places, comment)
        places = max(settings.placesMax, subject.scheduler.waiting)
        for tier in tiers.indices {
            let waiting = subject.scheduler.waiting(tier: tier)
            #expect(waiting <= tiers[tier], comment)
            tiers[tier] = max(bound(tier), waiting)
        }
    }
}
