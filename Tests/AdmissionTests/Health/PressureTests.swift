import Admission
import AdmissionTestSupport
import Testing
import Vocabulary

/// The traces and the algorithms of docs/decisions/0027-admission-pressure.md.
@Suite struct `the admission pressure` {
    private static func trace(_ name: String, seconds: Int64 = 25) throws -> PressureTrace {
        var trace = try #require(PressureTrace.all.first { $0.name == name })
        trace.seconds = seconds
        return trace
    }

    @Test(arguments: ["steady, half too much", "one noisy tenant", "retry storm", "slow upstream"])
    func `lets fewer wait in vain, and costs neither work done nor the quiet nor the protected`(name: String) throws {
        let trace = try Self.trace(name)
        let without = PressureWorld.run(trace, NoPressure(), seed: 11)
        let with = PressureWorld.run(trace, MeasuredPressure(), seed: 11)
        #expect(with.late < without.late * 0.7, "\(name): \(with.late) of \(without.late)")
        #expect(with.goodput > without.goodput - 0.02, "\(name): \(with.goodput) of \(without.goodput)")
        #expect(with.quiet > without.quiet - 0.02, "\(name): \(with.quiet) of \(without.quiet)")
        #expect(with.served[0] > without.served[0] - 0.02, "\(name): \(with.served) of \(without.served)")
        #expect(with.fairness > without.fairness - 0.05, "\(name): \(with.fairness) of \(without.fairness)")
        #expect(with.broken == 0, "never inside the reserve")
    }

    @Test func `is less unfair than refusing by cohort alone, and moves less`() throws {
        let trace = try Self.trace("one noisy tenant")
        let ours = PressureWorld.run(trace, MeasuredPressure(), seed: 12)
        for other in [
            PressureWorld.run(trace, ProportionalPressure(), seed: 12),
            PressureWorld.run(trace, SteppedPressure(), seed: 12),
        ] {
            #expect(other.fairness < ours.fairness - 0.2, "\(other.fairness) and \(ours.fairness)")
            #expect(other.moves > ours.moves * 2, "\(other.moves) and \(ours.moves)")
        }
    }

    @Test func `leaves everything open where nothing waits`() {
        let trace = PressureTrace(
            name: "light", seconds: 20, load: { _ in 800 }, service: { _ in 10 * PressureTrace.ms },
            workers: { _ in 16 })
        let outcome = PressureWorld.run(trace, MeasuredPressure(), seed: 13)
        #expect(outcome.moves == 0 && outcome.late == 0)
    }
}

@Suite struct `the pressure control` {
    /// Forty tenants in each of three tiers ask for so many seats a window.
    private static func demand(_ perTier: Int) -> Demand {
        var demand = Demand(tierCount: 3)
        for _ in 0..<10 {
            demand.age()
            for tier in 0..<3 {
                for tenant in 0..<40 {
                    for _ in 0..<perTier / 40 { demand.add(1, of: .numbered(tenant &+ 40 &* tier), tier: tier) }
                }
            }
        }
        return demand
    }

    private static func window(started: Int64, waiting: [Int64], limit: Int64 = 16, late: Int64 = 0) -> PressureWindow {
        var window = PressureWindow()
        window.nanoseconds = PressureMeter.windowMin
        window.started = started
        window.used = limit * window.nanoseconds
        window.limit = limit
        window.late = late
        for (tier, seats) in waiting.enumerated() { window.waiting[tier] = seats }
        return window
    }

    private static func level(_ threshold: AdmissionThreshold) -> Int {
        min(3, threshold.tier) * 128 + threshold.cohort
    }

    @Test func `is open until more waits than there are seats or somebody has waited in vain`() {
        let demand = Self.demand(400)
        var control = PressureControl(at: .zero)
        #expect(control.threshold(after: Self.window(started: 400, waiting: [0, 0, 16]), demand, at: .zero) == .open)
        #expect(control.threshold(after: Self.window(started: 400, waiting: [0, 0, 17]), demand, at: .zero) != .open)
        var other = PressureControl(at: .zero)
        let late = Self.window(started: 400, waiting: [0, 0, 0], late: 1)
        #expect(other.threshold(after: late, demand, at: .zero) != .open)
    }

    @Test func `lets the less in the more waits and the less is done`() {
        let demand = Self.demand(400)
        var last = Int.max
        for waiting in stride(from: Int64(17), to: 2_000, by: 100) {
            var control = PressureControl(at: .zero)
            let level = Self.level(
                control.threshold(
                    after: Self.window(started: 600, waiting: [waiting, waiting, waiting]), demand, at: .zero))
            #expect(level <= last)
            last = level
        }
        #expect(last < 200)
        last = 0
        for started in stride(from: Int64(16), to: 1_300, by: 100) {
            var control = PressureControl(at: .zero)
            let level = Self.level(
                control.threshold(after: Self.window(started: started, waiting: [0, 0, 20]), demand, at: .zero))
            #expect(level >= last)
            last = level
        }
        #expect(last == 3 * 128, "all of it fits")
    }

    @Test func `costs a tier nothing that waits in a less protected one`() {
        var control = PressureControl(at: .zero)
        let threshold = control.threshold(
            after: Self.window(started: 900, waiting: [0, 0, 100_000]), Self.demand(400), at: .zero)
        #expect(threshold.tier == 2)
    }

    @Test func `settles without overshoot when what comes is several times what can be done`() {
        // What waits grows by what is let in and shrinks by what is done.
        let demand = Self.demand(1_000)
        var control = PressureControl(at: .zero)
        var (waiting, levels, queues) = (Int64(500), [Int](), [Int64]())
        var now: Int64 = 0
        for _ in 0..<60 {
            now += PressureMeter.windowMin
            let threshold = control.threshold(
                after: Self.window(started: 400, waiting: [waiting, waiting, waiting]), demand, at: Nanoseconds(now))
            waiting = max(0, waiting + demand.admitted(by: threshold) - 400)
            levels.append(Self.level(threshold))
            queues.append(waiting)
        }
        #expect(queues.suffix(30).allSatisfy { $0 < 250 }, "\(queues)")
        #expect(zip(queues, queues.dropFirst()).prefix(6).allSatisfy { $0 >= $1 }, "no detour: \(queues.prefix(7))")
        let settled = levels.suffix(30)
        #expect((settled.max() ?? 0) - (settled.min() ?? 0) <= 16, "\(levels)")
    }

    @Test func `opens at once when what comes fits again`() {
        var control = PressureControl(at: .zero)
        let crowded = Self.window(started: 400, waiting: [200, 400, 400])
        #expect(control.threshold(after: crowded, Self.demand(2_000), at: .zero) != .open)
        var calm = Self.window(started: 120, waiting: [0, 0, 0])
        calm.used = calm.used * 3 / 10
        calm.idle = 16 * calm.nanoseconds - calm.used
        #expect(control.threshold(after: calm, Self.demand(40), at: .zero) == .open)
    }

    @Test func `sheds what it is told to although nothing waits, the least protected first and nobody spared`() {
        var control = PressureControl(at: .zero)
        var calm = Self.window(started: 1_200, waiting: [0, 0, 0])
        calm.idle = calm.used
        let demand = Self.demand(400)
        let threshold = control.threshold(after: calm, demand, shed: 5_000, at: .zero)
        #expect(threshold.tier == 1 && !threshold.isLenient)
        #expect(abs(demand.admitted(by: threshold) - demand.total / 2) < 30)
        #expect(control.threshold(after: calm, demand, shed: 0, at: .zero) == .open)
    }

    @Test func `gives every tenant of a tier the same time in a minute`() {
        let demand = Self.demand(1_000)
        var control = PressureControl(at: .zero)
        var admitted = [Int](repeating: 0, count: 40)
        for turn in 1...128 {
            let threshold = control.threshold(
                after: Self.window(started: 600, waiting: [16, 16, 16]), demand,
                at: Nanoseconds(Int64(turn) * PressureControl.turn))
            for tenant in 0..<40 where threshold.admits(.numbered(tenant), tier: 0) { admitted[tenant] += 1 }
        }
        let mean = admitted.reduce(0, +) / 40
        #expect(admitted.allSatisfy { abs($0 - mean) * 5 <= mean }, "\(admitted)")
    }
}

@Suite struct `a tier that the threshold keeps out` {
    @Test func `has its floor all the same`() {
        var subject = Subject(.three(reserves: [0, 0, 0], floor: 1_000), limit: 10)
        _ = subject.step(.threshold(AdmissionThreshold(tier: 0, cohort: 128)))
        var caller: UInt64 = 0
        var (started, finished): ([UInt64], Int) = ([], 0)
        var keptOut: Set<UInt64> = []
        var kept = 0
        func count(_ answers: [Answer]) {
            for case .start(let caller, _, _) in answers {
                started.append(caller)
                if keptOut.contains(caller) { kept += 1 }
            }
        }
        for round in 0..<4_000 {
            subject.now += 1_000_000
            for tier in [0, 0, 2] {
                caller += 1
                if tier == 2 { keptOut.insert(caller) }
                count(subject.arrive(caller, tenant: round % 7, tier: tier))
            }
            count(subject.step(.finish(started[finished], .completed)))
            finished += 1
        }
        #expect(kept * 13 >= started.count && kept * 8 <= started.count, "\(kept) of \(started.count): a tenth")
    }
}
