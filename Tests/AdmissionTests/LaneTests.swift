import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

/// A budget with lanes, simulated nanosecond by nanosecond in cost units × a common denominator.
///
/// Independent of the engine: no stamps, no late collection. Every nanosecond each lane gains its share, what does not
/// fit flows to the pool at once (unless isolated), then the pool gains its own share.
struct LaneOracle {
    struct Lane {
        var inflow: Int128
        var capacity: Int128
        var level: Int128
        var isolated: Bool
        var holdback: Int128
    }
    let denominator: Int128
    var lanes: [Lane]
    var poolInflow: Int128
    var poolCapacity: Int128
    var pool: Int128
    var now: Int64 = 0

    init(_ rate: Rate, burst: Int64, lanes requests: [Budget.LaneRequest]) {
        let denominator = ([rate] + requests.compactMap(\.guarantee)).reduce(Int128(1)) {
            $0 * Int128($1.period.count)
        }
        func inflow(_ rate: Rate) -> Int128 { denominator / Int128(rate.period.count) * Int128(rate.amount) }
        let bursts = requests.map { request -> Int128 in
            guard let guarantee = request.guarantee else { return 0 }
            return Int128(request.guaranteeBurst ?? guarantee.amount)
        }
        let pool = (Int128(burst) - bursts.reduce(0, +)) * denominator
        self.denominator = denominator
        lanes = zip(requests, bursts).map { request, own in
            Lane(
                inflow: request.guarantee.map(inflow) ?? 0, capacity: own * denominator, level: own * denominator,
                isolated: request.isolated, holdback: pool * Int128(request.holdbackBasisPoints) / 10_000)
        }
        poolInflow = inflow(rate) - lanes.reduce(0) { $0 + $1.inflow }
        poolCapacity = pool
        self.pool = pool
    }

    mutating func advance(to time: Int64) {
        while now < time {
            now += 1
            var overflow = poolInflow
            for index in lanes.indices {
                lanes[index].level += lanes[index].inflow
                let excess = lanes[index].level - lanes[index].capacity
                guard excess > 0 else { continue }
                lanes[index].level = lanes[index].capacity
                if !lanes[index].isolated { overflow += excess }
            }
            pool = min(poolCapacity, pool + overflow)
        }
    }

    mutating func decide(lane: Int, cost: Int64) -> Bool {
        let need = Int128(cost) * denominator
        let own = lane < 0 ? 0 : lanes[lane].level
        let borrows = lane < 0 || !lanes[lane].isolated
        let holdback = lane < 0 ? 0 : lanes[lane].holdback
        guard own + (borrows ? max(0, pool - holdback) : 0) >= need else { return false }
        let fromOwn = min(own, need)
        if lane >= 0 { lanes[lane].level -= fromOwn }
        pool -= need - fromOwn
        return true
    }
}

@Suite struct `a budget with lanes` {
    /// A random budget in small numbers: periods of a few nanoseconds, so that the oracle can walk every one of them.
    static func randomBudget(_ random: inout SeededGenerator) -> (Rate, Int64, [Budget.LaneRequest]) {
        let count = Int.random(in: 0...4, using: &random)
        var lanes: [Budget.LaneRequest] = []
        var bursts: Int64 = 0
        for _ in 0..<count {
            let burst = Int64.random(in: 1...6, using: &random)
            let guaranteed = Int.random(in: 0..<5, using: &random) > 0
            if guaranteed { bursts += burst }
            lanes.append(
                Budget.LaneRequest(
                    guarantee: guaranteed
                        ? Rate(
                            amount: .random(in: 1...3, using: &random),
                            period: Nanoseconds(.random(in: 20...40, using: &random)))
                        : nil,
                    guaranteeBurst: burst, isolated: Int.random(in: 0..<4, using: &random) == 0,
                    holdbackBasisPoints: [0, 0, 2_500, 5_000].randomElement(using: &random) ?? 0))
        }
        let rate = Rate(
            amount: .random(in: 13...30, using: &random), period: Nanoseconds(.random(in: 17...21, using: &random)))
        return (rate, bursts + Int64.random(in: 1...8, using: &random), lanes)
    }

    @Test(arguments: [UInt64](1...200))
    func `does what the nanosecond oracle does, and is right about when`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (rate, burst, lanes) = Self.randomBudget(&random)
        // Every class has a lane, and one more class has none.
        let world = World(tenant: ([rate], burst), classes: lanes.map { $0 } + [nil])
        let subject = try world.engine()
        var oracle = LaneOracle(rate, burst: burst, lanes: lanes)
        for step in 0..<150 {
            subject.now += [0, 0, 1, 2, 5, 30, 200].randomElement(using: &random) ?? 0
            let trafficClass = Int.random(in: 0...lanes.count, using: &random)
            let cost = Int64.random(in: 1...7, using: &random)
            try expectSame(
                subject, &oracle, trafficClass: trafficClass, lane: trafficClass < lanes.count ? trafficClass : -1,
                cost: cost, trace: "seed \(seed), step \(step)")
        }
    }

    private func expectSame(
        _ subject: EngineUnderTest, _ oracle: inout LaneOracle, trafficClass: Int, lane: Int, cost: Int64,
        trace: String
    ) throws {
        oracle.advance(to: subject.now)
        let expected = oracle.decide(lane: lane, cost: cost)
        let verdict = subject.decide(trafficClass: trafficClass, cost: cost)
        try #require(verdict.isAdmitted == expected, "\(trace)")
        guard !expected else { return }
        // Walk the oracle to the first nanosecond that admits; a request that never fits is not admitted in 100,000 ns.
        var probe = oracle
        var first: Int64?
        for later in 1...2_000 where first == nil {
            probe.advance(to: subject.now + Int64(later))
            var attempt = probe
            if attempt.decide(lane: lane, cost: cost) { first = Int64(later) }
        }
        try #require(verdict.retryAfter?.count == first, "\(trace)")
        #expect((verdict.reason == .costExceedsBurst) == (first == nil), "\(trace)")
    }

    @Test func `an idle lane finds its full guarantee at the very instant it wakes`() throws {
        let world = World(
            tenant: ([.perSecond(300)], 600),
            classes: [.init(guarantee: .perSecond(100)), .init(guarantee: .perSecond(30)), nil])
        let subject = try world.engine()
        for second in 1...50 {
            subject.now = Int64(second) * 1_000_000_000
            _ = subject.drain(trafficClass: 2)
            _ = subject.drain(trafficClass: 0)
        }
        #expect(subject.drain(trafficClass: 1) == 30)
    }

    @Test func `lending wastes nothing: one busy class gets the whole ceiling while the others sleep`() throws {
        let world = World(
            tenant: ([.perSecond(300)], 300),
            classes: [.init(guarantee: .perSecond(100)), .init(guarantee: .perSecond(50)), nil])
        let subject = try world.engine()
        var admitted = subject.drain(trafficClass: 2)
        #expect(admitted == 150, "the pool holds the burst less the lanes' bursts")
        for step in 1...1_000 {
            subject.now = Int64(step) * 10_000_000
            admitted += subject.drain(trafficClass: 2)
        }
        #expect(admitted == 150 + 3_000, "ten seconds at the full ceiling")
    }

    @Test func `an isolated lane neither borrows nor lends`() throws {
        let world = World(
            tenant: ([.perSecond(300)], 300), classes: [.init(guarantee: .perSecond(100), isolated: true), nil])
        let subject = try world.engine()
        #expect(subject.drain(trafficClass: 0) == 100)
        let refused = subject.decide(trafficClass: 0)
        #expect(refused.reason == .classBudget)
        #expect(subject.drain(trafficClass: 1) == 200)
        subject.now = 1_000_000_000
        #expect(subject.drain(trafficClass: 1) == 200, "nothing of the isolated lane's 100 was lent")
    }

    @Test func `work that is shed earlier leaves the pool to work that is shed later`() throws {
        var world = World()
        world.service = ([.perSecond(100)], 100)
        world.tiers = [
            .init(guarantee: .perSecond(40)), .init(guarantee: .perSecond(20), holdbackBasisPoints: 2_500),
            .init(holdbackBasisPoints: 5_000), .init(holdbackBasisPoints: 5_000),
        ]
        let subject = try world.engine()
        #expect(subject.drain(tier: 2) == 20, "best effort stops at half of the pool")
        #expect(subject.drain(tier: 1) == 20 + 10, "business: its reserve, and the pool down to a quarter")
        #expect(subject.drain(tier: 0) == 40 + 10, "critical: its reserve, and all that is left")
    }
}
